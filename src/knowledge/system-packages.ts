/** What distributions need of the system, which no wheel brings: a row each. */

export interface SystemPackages {
  /** Debian's and Ubuntu's packages. */
  readonly debian: readonly string[];
  /** Modules whose import at start asks for it. */
  readonly modules?: readonly string[];
  /** Distributions (normalised) that are compiled when they are installed. */
  readonly compiled?: readonly string[];
  /** Only where this distribution is the one that is listed. */
  readonly only?: string;
  /** Distributions that need none of it: one that is listed spares it, the first is what to take instead. */
  readonly instead?: readonly string[];
  /** Command by which the distribution fetches it itself, behind the installation. */
  readonly fetch?: string;
  readonly source: string;
}

export const SYSTEM_PACKAGES: readonly SystemPackages[] = [
  {
    debian: ['ffmpeg'],
    modules: ['pydub', 'ffmpeg', 'whisper'],
    source: 'https://github.com/jiaaro/pydub#getting-ffmpeg-set-up',
  },
  { debian: ['poppler-utils'], modules: ['pdf2image'], source: 'https://pdf2image.readthedocs.io/' },
  {
    debian: ['tesseract-ocr'],
    modules: ['pytesseract', 'tesserocr'],
    source: 'https://github.com/madmaze/pytesseract#installation',
  },
  {
    debian: ['libmagic1'],
    modules: ['magic'],
    instead: ['python-magic-bin', 'pylibmagic'],
    source: 'https://github.com/ahupp/python-magic#installation',
  },
  { debian: ['libzbar0'], modules: ['pyzbar'], source: 'https://github.com/NaturalHistoryMuseum/pyzbar#installation' },
  {
    debian: ['libpango-1.0-0', 'libpangoft2-1.0-0', 'libharfbuzz-subset0'],
    modules: ['weasyprint'],
    source: 'https://doc.courtbouillon.org/weasyprint/stable/first_steps.html#installation',
  },
  { debian: ['libcairo2'], modules: ['cairosvg', 'cairocffi'], source: 'https://cairosvg.org/documentation/' },
  { debian: ['wkhtmltopdf'], modules: ['pdfkit', 'imgkit'], source: 'https://github.com/JazzCore/python-pdfkit' },
  { debian: ['graphviz'], modules: ['graphviz', 'pydot'], source: 'https://graphviz.readthedocs.io/#installation' },
  { debian: ['libmagickwand-6.q16-6'], modules: ['wand'], source: 'https://docs.wand-py.org/' },
  {
    debian: ['libgl1', 'libglib2.0-0'],
    modules: ['cv2'],
    only: 'opencv-python',
    instead: ['opencv-python-headless'],
    source: 'https://github.com/opencv/opencv-python#installation-and-usage',
  },
  {
    debian: ['gdal-bin', 'libgeos-c1v5', 'libproj-dev'],
    modules: ['django.contrib.gis'],
    source: 'https://docs.djangoproject.com/en/stable/ref/contrib/gis/install/geolibs/',
  },
  {
    debian: ['chromium'],
    modules: ['playwright'],
    fetch: 'playwright install --with-deps chromium',
    source: 'https://playwright.dev/python/docs/browsers',
  },
  {
    debian: ['chromium', 'chromium-driver'],
    modules: ['selenium', 'undetected_chromedriver'],
    source: 'https://www.selenium.dev/documentation/selenium_manager/',
  },
  {
    debian: ['libpq-dev', 'python3-dev', 'gcc'],
    compiled: ['psycopg2'],
    instead: ['psycopg2-binary'],
    source: 'https://www.psycopg.org/docs/install.html#build-prerequisites',
  },
  {
    debian: ['default-libmysqlclient-dev', 'pkg-config', 'python3-dev', 'gcc'],
    compiled: ['mysqlclient'],
    source: 'https://github.com/PyMySQL/mysqlclient#linux',
  },
  {
    debian: ['libldap2-dev', 'libsasl2-dev', 'python3-dev', 'gcc'],
    compiled: ['python-ldap'],
    source: 'https://www.python-ldap.org/en/latest/installing.html',
  },
  {
    debian: ['libcairo2-dev', 'pkg-config', 'python3-dev', 'gcc'],
    compiled: ['pycairo'],
    source: 'https://pycairo.readthedocs.io/en/latest/getting_started.html',
  },
  {
    debian: ['graphviz', 'libgraphviz-dev', 'python3-dev', 'gcc'],
    compiled: ['pygraphviz'],
    source: 'https://pygraphviz.github.io/documentation/stable/install.html',
  },
];
