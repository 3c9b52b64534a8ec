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
  {
    debian: ['cmake', 'g++', 'python3-dev'],
    compiled: ['dlib', 'face-recognition'],
    source: 'http://dlib.net/compile.html',
  },
  {
    debian: ['portaudio19-dev', 'python3-dev', 'gcc'],
    compiled: ['pyaudio'],
    source: 'https://people.csail.mit.edu/hubert/pyaudio/',
  },
  {
    debian: ['libmemcached-dev', 'zlib1g-dev', 'python3-dev', 'gcc'],
    compiled: ['pylibmc'],
    instead: ['pymemcache'],
    source: 'https://sendapatch.se/projects/pylibmc/install.html',
  },
  {
    debian: ['libkrb5-dev', 'python3-dev', 'gcc'],
    compiled: ['gssapi', 'kerberos', 'pykerberos'],
    source: 'https://github.com/pythongssapi/python-gssapi#installation',
  },
  {
    debian: ['libcups2-dev', 'python3-dev', 'gcc'],
    compiled: ['pycups'],
    source: 'https://github.com/OpenPrinting/pycups',
  },
  {
    debian: ['libssl-dev', 'swig', 'python3-dev', 'gcc'],
    compiled: ['m2crypto'],
    source: 'https://m2crypto.readthedocs.io/en/latest/install.html',
  },
  {
    debian: ['libicu-dev', 'pkg-config', 'python3-dev', 'g++'],
    compiled: ['pyicu'],
    source: 'https://gitlab.pyicu.org/main/pyicu#installing-pyicu',
  },
  {
    debian: ['libsystemd-dev', 'pkg-config', 'python3-dev', 'gcc'],
    compiled: ['systemd-python'],
    source: 'https://github.com/systemd/python-systemd#installation',
  },
  {
    debian: ['libgdal-dev', 'python3-dev', 'g++'],
    compiled: ['gdal'],
    source: 'https://pypi.org/project/GDAL/',
  },
  {
    debian: ['libsasl2-dev', 'python3-dev', 'g++'],
    compiled: ['sasl'],
    source: 'https://github.com/cloudera/python-sasl',
  },
  {
    debian: ['apache2-dev', 'python3-dev', 'gcc'],
    compiled: ['mod-wsgi'],
    source: 'https://modwsgi.readthedocs.io/en/latest/user-guides/quick-installation-guide.html',
  },
  {
    debian: ['libdbus-1-dev', 'libglib2.0-dev', 'pkg-config', 'python3-dev', 'gcc'],
    compiled: ['dbus-python'],
    source: 'https://dbus.freedesktop.org/doc/dbus-python/',
  },
  {
    debian: ['libpcsclite-dev', 'swig', 'python3-dev', 'gcc'],
    compiled: ['pyscard'],
    source: 'https://github.com/LudovicRousseau/pyscard/blob/master/INSTALL.md',
  },
  {
    debian: ['libcap-dev', 'python3-dev', 'gcc'],
    compiled: ['python-prctl'],
    source: 'https://pythonhosted.org/python-prctl/',
  },
  {
    debian: ['zlib1g-dev', 'python3-dev', 'gcc'],
    compiled: ['pyminizip'],
    source: 'https://github.com/smihica/pyminizip',
  },
  {
    debian: ['libpq-dev', 'python3-dev', 'gcc'],
    compiled: ['psycopg-c'],
    instead: ['psycopg-binary'],
    source: 'https://www.psycopg.org/psycopg3/docs/basic/install.html#local-installation',
  },
  {
    debian: ['libev-dev', 'python3-dev', 'gcc'],
    compiled: ['bjoern'],
    source: 'https://github.com/jonashaag/bjoern#installation',
  },
];
