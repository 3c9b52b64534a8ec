/** What the rows of src/knowledge/drift.json say; those of wheels are a message of the survey. */
export const drift: Readonly<Record<string, string>> = {
  'Or change the code: nayek patch --only {0}': 'Ou modifiez le code : nayek patch --only {0}',
  '{0}: {1} would mend it, and {2} cannot be installed with that. {3}.':
    "{0} : {1} y remédierait, et {2} ne s'installe pas avec. {3}.",
  'Change the code': 'Modifiez le code',
  'Change the code: nayek patch --only {0}': 'Modifiez le code : nayek patch --only {0}',
  'What only Windows or macOS can install is listed without a marker: the install stops':
    "Ce que seuls Windows ou macOS peuvent installer est déclaré sans marqueur : l'installation s'arrête",
  'remove that line, or write `; sys_platform == "win32"` (of macOS "darwin") behind it':
    'retirez cette ligne, ou écrivez `; sys_platform == "win32"` (pour macOS "darwin") à la suite',
  'gunicorn below 21 imports pkg_resources, and on Python 3.9 what gevent brings takes setuptools 82, which has none':
    "gunicorn avant 21 importe pkg_resources, et avec Python 3.9 ce que gevent apporte prend setuptools 82, qui n'en a pas",
  'gevent below 23 looks for its zope.interface by pkg_resources, and the setuptools of an environment of Python 3.9 to 3.11 does not find the one of today':
    "gevent avant 23 cherche son zope.interface par pkg_resources, et le setuptools d'un environnement de Python 3.9 à 3.11 ne trouve pas celui d'aujourd'hui",
  'gunicorn 24 and newer run their gevent worker with gevent 24.10.1 or newer alone, and an older one is listed':
    "gunicorn à partir de 24 n'a de worker gevent qu'avec gevent 24.10.1 ou plus récent, et un plus ancien est déclaré",
  'The gevent worker of gunicorn 27 imports packaging, which gunicorn brings with its extra alone':
    "Le worker gevent de gunicorn 27 importe packaging, que gunicorn n'apporte qu'avec son extra",
  'gunicorn 24 and newer run their eventlet worker with eventlet 0.40.3 or newer alone, and an older one is listed':
    "gunicorn à partir de 24 n'a de worker eventlet qu'avec eventlet 0.40.3 ou plus récent, et un plus ancien est déclaré",
  'Django below 5.1 has no CheckConstraint(condition=…): it is check there':
    "Django avant 5.1 n'a pas CheckConstraint(condition=…) : c'y est check",
  'install Django 5.1 or newer, which the migrations were made with, or write check=':
    'installez Django 5.1 ou plus récent, avec lequel les migrations ont été faites, ou écrivez check=',
  'Django 6 has no CheckConstraint(check=…): it is condition since 5.1':
    "Django 6 n'a plus CheckConstraint(check=…) : c'est condition depuis 5.1",
  'Django below 5 has neither db_default nor GeneratedField': "Django avant 5 n'a ni db_default ni GeneratedField",
  'install Django 5 or newer, which the migrations were made with':
    'installez Django 5 ou plus récent, avec lequel les migrations ont été faites',
  'Flask 2.3 has no before_first_request': "Flask 2.3 n'a plus before_first_request",
  'SQLAlchemy 2.1 does not bring greenlet, without which its asyncio stops at the first statement':
    "SQLAlchemy 2.1 n'apporte plus greenlet, sans lequel son asyncio s'arrête à la première instruction",
  'SQLAlchemy 2.1 loads psycopg for postgresql://, and only psycopg2 is listed':
    'SQLAlchemy 2.1 charge psycopg pour postgresql://, et seul psycopg2 est déclaré',
  'Flask below 2 imports escape from jinja2, which 3.1 does not have':
    "Flask avant 2 importe escape de jinja2, que la version 3.1 n'a plus",
  'Flask below 2 imports json from itsdangerous, which 2.1 does not have':
    "Flask avant 2 importe json d'itsdangerous, que la version 2.1 n'a plus",
  'Flask below 2 imports from werkzeug.wrappers what Werkzeug 2.1 does not have':
    "Flask avant 2 importe de werkzeug.wrappers ce que Werkzeug 2.1 n'a plus",
  'Jinja2 below 3 imports soft_unicode from markupsafe, which 2.1 does not have':
    "Jinja2 avant 3 importe soft_unicode de markupsafe, que la version 2.1 n'a plus",
  'Flask below 2.3 imports url_quote from werkzeug.urls, which Werkzeug 3 does not have':
    "Flask avant 2.3 importe url_quote de werkzeug.urls, que Werkzeug 3 n'a plus",
  'Flask-Login below 0.6.3 imports url_decode from werkzeug.urls, which Werkzeug 3 does not have':
    "Flask-Login avant 0.6.3 importe url_decode de werkzeug.urls, que Werkzeug 3 n'a plus",
  "Flask-SQLAlchemy below 2.5 reads __ident_func__ of Flask's stack, which has none since 2.2":
    "Flask-SQLAlchemy avant 2.5 lit __ident_func__ de la pile de Flask, qui n'en a plus depuis 2.2",
  "Flask-SQLAlchemy below 2.5 reads __ident_func__ of Werkzeug's stack, which has none since 2.1":
    "Flask-SQLAlchemy avant 2.5 lit __ident_func__ de la pile de Werkzeug, qui n'en a plus depuis 2.1",
  'Flask 1.1.3 and 1.1.4 take Jinja2 2, which imports soft_unicode from markupsafe, and 2.1 does not have it':
    "Flask 1.1.3 et 1.1.4 prennent Jinja2 2, qui importe soft_unicode de markupsafe, et la version 2.1 ne l'a plus",
  'Flask-WTF below 1.1.2 imports url_encode from werkzeug.urls, which Werkzeug 3 does not have':
    "Flask-WTF avant 1.1.2 importe url_encode de werkzeug.urls, que Werkzeug 3 n'a plus",
  'Flask-WTF below 0.15 imports safe_str_cmp from werkzeug.security, which Werkzeug 2.1 does not have':
    "Flask-WTF avant 0.15 importe safe_str_cmp de werkzeug.security, que Werkzeug 2.1 n'a plus",
  'Flask-WTF below 0.15 imports Markup from jinja2, which 3.1 does not have':
    "Flask-WTF avant 0.15 importe Markup de jinja2, que la version 3.1 n'a plus",
  'Flask-Bcrypt below 1 imports safe_str_cmp from werkzeug.security, which Werkzeug 2.1 does not have':
    "Flask-Bcrypt avant 1 importe safe_str_cmp de werkzeug.security, que Werkzeug 2.1 n'a plus",
  'Flask-HTTPAuth below 4.2 imports safe_str_cmp from werkzeug.security, which Werkzeug 2.1 does not have':
    "Flask-HTTPAuth avant 4.2 importe safe_str_cmp de werkzeug.security, que Werkzeug 2.1 n'a plus",
  'Flask-Babel below 3 imports locked_cached_property from flask.helpers, which Flask 3 does not have':
    "Flask-Babel avant 3 importe locked_cached_property de flask.helpers, que Flask 3 n'a plus",
  'Flask-JWT-Extended below 3.25 imports safe_str_cmp from werkzeug.security, which Werkzeug 2.1 does not have':
    "Flask-JWT-Extended avant 3.25 importe safe_str_cmp de werkzeug.security, que Werkzeug 2.1 n'a plus",
  'Flask-SocketIO below 5.3 imports _request_ctx_stack from flask, which Flask 3 does not have':
    "Flask-SocketIO avant 5.3 importe _request_ctx_stack de flask, que Flask 3 n'a plus",
  'yaml.load without a Loader is refused by PyYAML 6': 'yaml.load sans Loader est refusé par PyYAML 6',
  'write yaml.safe_load, or name the Loader': 'écrivez yaml.safe_load, ou nommez le Loader',
  'Flask-SQLAlchemy below 3 reads _app_ctx_stack, which Flask 3 does not have':
    "Flask-SQLAlchemy avant 3 lit _app_ctx_stack, que Flask 3 n'a plus",
  'Flask-SQLAlchemy below 3 reads sqlalchemy.__all__, which SQLAlchemy 2 does not have':
    "Flask-SQLAlchemy avant 3 lit sqlalchemy.__all__, que SQLAlchemy 2 n'a plus",
  "Flask 3 has no Markup and no escape: they are markupsafe's":
    "Flask 3 n'a plus ni Markup ni escape : ils sont dans markupsafe",
  'Flask 2.3 has no flask.json.JSONEncoder': "Flask 2.3 n'a plus flask.json.JSONEncoder",
  'Flask 3 has no _app_ctx_stack': "Flask 3 n'a plus _app_ctx_stack",
  'Flask-Script imports flask._compat, which Flask 2 does not have':
    "Flask-Script importe flask._compat, que Flask 2 n'a plus",
  'Flask-Uploads imports secure_filename from werkzeug, which has it in werkzeug.utils alone since 1.0':
    "Flask-Uploads importe secure_filename de werkzeug, qui ne l'a plus que dans werkzeug.utils depuis 1.0",
  'werkzeug has had secure_filename and its like in its modules alone since 1.0':
    "werkzeug n'a plus secure_filename et ses semblables que dans ses modules depuis 1.0",
  'Flask-RESTPlus imports cached_property from werkzeug, which has it in werkzeug.utils alone since 1.0':
    "Flask-RESTPlus importe cached_property de werkzeug, qui ne l'a plus que dans werkzeug.utils depuis 1.0",
  'Flask-MongoEngine imports flask.json.JSONEncoder, which Flask 2.3 does not have':
    "Flask-MongoEngine importe flask.json.JSONEncoder, que Flask 2.3 n'a plus",
  "WTForms 3 has no wtforms.fields.html5: its fields are wtforms's":
    "WTForms 3 n'a plus wtforms.fields.html5 : ses champs sont dans wtforms",
  "pydantic 2 has no BaseSettings: it is pydantic-settings'":
    "pydantic 2 n'a plus BaseSettings : elle est dans pydantic-settings",
  'pydantic 2 refuses regex in Field: it is called pattern':
    "pydantic 2 refuse regex dans Field : l'argument s'appelle pattern",
  'pydantic 2 refuses root_validator without skip_on_failure': 'pydantic 2 refuse root_validator sans skip_on_failure',
  'passlib 1.7 cannot use bcrypt 5: the first password raises ValueError':
    'passlib 1.7 ne peut pas employer bcrypt 5 : le premier mot de passe lève ValueError',
  'openai below 1.55.3 gives httpx an argument that 0.28 does not have':
    "openai avant 1.55.3 donne à httpx un argument que la version 0.28 n'a plus",
  'anthropic below 0.40 gives httpx an argument that 0.28 does not have':
    "anthropic avant 0.40 donne à httpx un argument que la version 0.28 n'a plus",
  'groq below 0.13 gives httpx an argument that 0.28 does not have':
    "groq avant 0.13 donne à httpx un argument que la version 0.28 n'a plus",
  'Starlette below 0.38 makes its test client with an argument that httpx 0.28 does not have':
    "Starlette avant 0.38 crée son client de test avec un argument que httpx 0.28 n'a plus",
  'pandas below 2.2.2 was built for numpy 1': 'pandas avant 2.2.2 a été compilé pour numpy 1',
  'scikit-learn below 1.3.1 was built for numpy 1': 'scikit-learn avant 1.3.1 a été compilé pour numpy 1',
  'opencv-python below 4.10 was built for numpy 1': 'opencv-python avant 4.10 a été compilé pour numpy 1',
  'opencv-contrib-python below 4.10 was built for numpy 1':
    'opencv-contrib-python avant 4.10 a été compilé pour numpy 1',
  'opencv-contrib-python-headless below 4.10 was built for numpy 1':
    'opencv-contrib-python-headless avant 4.10 a été compilé pour numpy 1',
  'pyarrow below 15 was built for numpy 1': 'pyarrow avant 15 a été compilé pour numpy 1',
  'h5py below 3.11 was built for numpy 1': 'h5py avant 3.11 a été compilé pour numpy 1',
  'pywavelets below 1.5 was built for numpy 1': 'pywavelets avant 1.5 a été compilé pour numpy 1',
  'shapely below 2.0.3 was built for numpy 1': 'shapely avant 2.0.3 a été compilé pour numpy 1',
  'bottleneck below 1.4 was built for numpy 1': 'bottleneck avant 1.4 a été compilé pour numpy 1',
  'numexpr below 2.10 was built for numpy 1': 'numexpr avant 2.10 a été compilé pour numpy 1',
  'pycocotools below 2.0.8 was built for numpy 1': 'pycocotools avant 2.0.8 a été compilé pour numpy 1',
  'spacy below 3.7 was built for numpy 1': 'spacy avant 3.7 a été compilé pour numpy 1',
  'rasterio below 1.3.10 was built for numpy 1': 'rasterio avant 1.3.10 a été compilé pour numpy 1',
  'djangorestframework-simplejwt below 5.3.1 imports pkg_resources, which neither Python 3.12 and newer nor setuptools 82 brings':
    "djangorestframework-simplejwt avant 5.3.1 importe pkg_resources, que n'apportent ni Python 3.12 ou plus récent ni setuptools 82",
  'drf-yasg below 1.21.8 imports pkg_resources, which neither Python 3.12 and newer nor setuptools 82 brings':
    "drf-yasg avant 1.21.8 importe pkg_resources, que n'apportent ni Python 3.12 ou plus récent ni setuptools 82",
  'razorpay below 2 imports pkg_resources, which neither Python 3.12 and newer nor setuptools 82 brings':
    "razorpay avant 2 importe pkg_resources, que n'apportent ni Python 3.12 ou plus récent ni setuptools 82",
  'web3 below 6.14 imports pkg_resources, which neither Python 3.12 and newer nor setuptools 82 brings':
    "web3 avant 6.14 importe pkg_resources, que n'apportent ni Python 3.12 ou plus récent ni setuptools 82",
  'pyrebase4 below 4.9 imports pkg_resources, which neither Python 3.12 and newer nor setuptools 82 brings':
    "pyrebase4 avant 4.9 importe pkg_resources, que n'apportent ni Python 3.12 ou plus récent ni setuptools 82",
  'pyfiglet below 1 imports pkg_resources, which neither Python 3.12 and newer nor setuptools 82 brings':
    "pyfiglet avant 1 importe pkg_resources, que n'apportent ni Python 3.12 ou plus récent ni setuptools 82",
  'sqlalchemy-redshift below 1 imports pkg_resources, which neither Python 3.12 and newer nor setuptools 82 brings':
    "sqlalchemy-redshift avant 1 importe pkg_resources, que n'apportent ni Python 3.12 ou plus récent ni setuptools 82",
  'apscheduler below 3.10.2 imports pkg_resources, which neither Python 3.12 and newer nor setuptools 82 brings':
    "apscheduler avant 3.10.2 importe pkg_resources, que n'apportent ni Python 3.12 ou plus récent ni setuptools 82",
  'pyramid below 2.1 imports pkg_resources, which neither Python 3.12 and newer nor setuptools 82 brings':
    "pyramid avant 2.1 importe pkg_resources, que n'apportent ni Python 3.12 ou plus récent ni setuptools 82",
  'limits below 3.3 imports pkg_resources, which neither Python 3.12 and newer nor setuptools 82 brings':
    "limits avant 3.3 importe pkg_resources, que n'apportent ni Python 3.12 ou plus récent ni setuptools 82",
  'docxcompose below 1.4.1 imports pkg_resources, which neither Python 3.12 and newer nor setuptools 82 brings':
    "docxcompose avant 1.4.1 importe pkg_resources, que n'apportent ni Python 3.12 ou plus récent ni setuptools 82",
  'dash below 2.14 imports pkg_resources, which neither Python 3.12 and newer nor setuptools 82 brings':
    "dash avant 2.14 importe pkg_resources, que n'apportent ni Python 3.12 ou plus récent ni setuptools 82",
  'coreapi imports pkg_resources, which neither Python 3.12 and newer nor setuptools 82 brings':
    "coreapi importe pkg_resources, que n'apportent ni Python 3.12 ou plus récent ni setuptools 82",
  'seaborn below 0.12 calls matplotlib.cm.register_cmap, which matplotlib 3.9 does not have':
    "seaborn avant 0.12 appelle matplotlib.cm.register_cmap, que matplotlib 3.9 n'a plus",
  'streamlit below 1.20 imports altair.vegalite.v4, which altair 5 does not have':
    "streamlit avant 1.20 importe altair.vegalite.v4, qu'altair 5 n'a plus",
  'pyarrow 26 needs numpy 2, and an older numpy is listed':
    'pyarrow 26 demande numpy 2, et un numpy plus ancien est listé',
  'backports.zoneinfo is listed without a marker, and compiles on Python 3.9 and older alone: the install stops':
    "backports.zoneinfo est listé sans marqueur, et ne se compile que sur Python 3.9 et plus ancien : l'installation s'arrête",
  'remove that line, or write `; python_version < "3.9"` behind it: Python has zoneinfo of its own':
    'supprimez cette ligne, ou écrivez `; python_version < "3.9"` derrière : Python a son propre zoneinfo',
  'pickle5 is listed without a marker, and compiles on Python 3.10 and older alone: the install stops':
    "pickle5 est listé sans marqueur, et ne se compile que sur Python 3.10 et plus ancien : l'installation s'arrête",
  'remove that line, or write `; python_version < "3.8"` behind it: Python has protocol 5 of its own':
    'supprimez cette ligne, ou écrivez `; python_version < "3.8"` derrière : Python a lui-même le protocole 5',
  'pycrypto has had no release since 2013, and does not compile on Python 3.11 and newer: the install stops':
    "pycrypto n'a plus de version depuis 2013, et ne se compile pas sur Python 3.11 ou plus récent : l'installation s'arrête",
  'list pycryptodome instead of pycrypto': 'listez pycryptodome à la place de pycrypto',
  'futures is a part of Python 2 alone: the install stops':
    "futures ne vaut que pour Python 2 : l'installation s'arrête",
  'remove that line: Python has concurrent.futures': 'supprimez cette ligne : Python a concurrent.futures',
  'cx_Oracle has no wheel for Python 3.12 and newer, and its build needs pkg_resources, which setuptools 82 does not have: the install stops':
    "cx_Oracle n'a pas de wheel pour Python 3.12 ou plus récent, et sa construction demande pkg_resources, que setuptools 82 n'a plus : l'installation s'arrête",
  'list oracledb, which took it over, and import it instead':
    "listez oracledb, qui l'a remplacé, et importez-le à sa place",
  'cchardet below 2.2 does not compile on Python 3.11 and newer: the install stops':
    "cchardet avant 2.2 ne se compile pas sur Python 3.11 ou plus récent : l'installation s'arrête",
  'have the service run on Python 3.10, or take cchardet 2.2 or newer':
    'faites tourner le service sur Python 3.10, ou prenez cchardet 2.2 ou plus récent',
  'matplotlib below 3.8.4 was built for numpy 1': 'matplotlib avant 3.8.4 a été compilé pour numpy 1',
  'opencv-python-headless below 4.10 was built for numpy 1':
    'opencv-python-headless avant 4.10 a été compilé pour numpy 1',
  "numpy 2 has no float_, and 1.24 none of its aliases of Python's types":
    "numpy 2 n'a plus float_, et 1.24 n'a plus ses alias des types de Python",
  'neither Python 3.12 and newer nor setuptools 82 brings pkg_resources':
    "ni Python 3.12 ou plus récent ni setuptools 82 n'apportent pkg_resources",
  'setuptools 82 has no pkg_resources': "setuptools 82 n'a plus pkg_resources",
  'Python 3.12 has no distutils; setuptools brings one': "Python 3.12 n'a plus distutils ; setuptools en apporte un",
  'Python 3.13 has no cgi; legacy-cgi brings one': "Python 3.13 n'a plus cgi ; legacy-cgi en apporte un",
  'Python 3.13 has no audioop; audioop-lts brings one': "Python 3.13 n'a plus audioop ; audioop-lts en apporte un",
  'Python 3.13 has no telnetlib; standard-telnetlib brings one':
    "Python 3.13 n'a plus telnetlib ; standard-telnetlib en apporte un",
  'Python 3.13 has no imghdr; standard-imghdr brings one':
    "Python 3.13 n'a plus imghdr ; standard-imghdr en apporte un",
  'Python 3.13 has no pipes; standard-pipes brings one': "Python 3.13 n'a plus pipes ; standard-pipes en apporte un",
  'Python 3.13 has no crypt': "Python 3.13 n'a plus crypt",
  'Python 3.12 has no imp: importlib does its work': "Python 3.12 n'a plus imp : importlib fait son travail",
  'Python 3.12 has no asyncore, asynchat and smtpd': "Python 3.12 n'a plus asyncore, asynchat ni smtpd",
  "collections has had no abstract classes since Python 3.10: they are collections.abc's":
    "collections n'a plus de classes abstraites depuis Python 3.10 : elles sont dans collections.abc",
  'aioredis cannot be imported on Python 3.11 and newer: redis.asyncio took it over':
    "aioredis ne peut pas être importé avec Python 3.11 ou plus récent : redis.asyncio l'a repris",
  'Django 4 has no ugettext and no ugettext_lazy': "Django 4 n'a plus ugettext ni ugettext_lazy",
  'Django 4 has no django.conf.urls.url': "Django 4 n'a plus django.conf.urls.url",
  'Django 4 has no force_text and no smart_text': "Django 4 n'a plus force_text ni smart_text",
  'Django 5 has no django.utils.timezone.utc: it is datetime.timezone.utc':
    "Django 5 n'a plus django.utils.timezone.utc : c'est datetime.timezone.utc",
  'Django 2 has no django.core.urlresolvers: it is django.urls':
    "Django 2 n'a plus django.core.urlresolvers : c'est django.urls",
  "langchain 1 has no chains, prompts, memory and vectorstores: they are langchain-classic's":
    "langchain 1 n'a plus chains, prompts, memory ni vectorstores : ils sont dans langchain-classic",
  'openai 1 has no openai.error': "openai 1 n'a plus openai.error",
  'moviepy 2 has no moviepy.editor': "moviepy 2 n'a plus moviepy.editor",
  'motor below 3.6 imports what pymongo 4.9 does not have': "motor avant 3.6 importe ce que pymongo 4.9 n'a plus",
  "environs below 11.1 reads marshmallow's version, which 4 does not have":
    "environs avant 11.1 lit la version de marshmallow, que la 4 n'a plus",
  'kombu below 5.2.4 reads entry points that importlib-metadata 5 does not have':
    "kombu avant 5.2.4 lit des points d'entrée qu'importlib-metadata 5 n'a plus",
  'FastAPI on Starlette 1 has no add_event_handler on the application':
    "FastAPI sur Starlette 1 n'a plus add_event_handler sur l'application",
  'kombu 5.7 reaches Redis by redis 6.1 or newer, and an older one is listed':
    'kombu 5.7 atteint Redis par redis 6.1 ou plus récent, et un plus ancien est déclaré',
  'Flask-Admin 2 has no template_mode: a theme took its place':
    "Flask-Admin 2 n'a plus template_mode : un thème le remplace",
  'Starlette 1 has no on_event and no add_event_handler': "Starlette 1 n'a plus on_event ni add_event_handler",
  'list Flask-Reuploaded instead of Flask-Uploads': 'déclarez Flask-Reuploaded à la place de Flask-Uploads',
  'import it from werkzeug.utils, werkzeug.security or werkzeug.datastructures':
    'importez-le de werkzeug.utils, werkzeug.security ou werkzeug.datastructures',
  'list flask-restx, which took it over, and import from flask_restx':
    "déclarez flask-restx, qui l'a repris, et importez de flask_restx",
  'have the service run on Python 3.12': 'faites tourner le service avec Python 3.12',
  'have the service run on Python 3.11, or use importlib':
    'faites tourner le service avec Python 3.11, ou employez importlib',
  'have the service run on Python 3.11': 'faites tourner le service avec Python 3.11',
  'import it from collections.abc': 'importez-le de collections.abc',
  'list redis and write `from redis import asyncio as aioredis`':
    'déclarez redis et écrivez `from redis import asyncio as aioredis`',
  'import it from django.urls': 'importez-le de django.urls',
  'Flask 1.0 and older imports what collections has not had since Python 3.10':
    "Flask 1.0 et avant importe ce que collections n'a plus depuis Python 3.10",
  'Django below 2.1 imports what collections has not had since Python 3.10':
    "Django avant 2.1 importe ce que collections n'a plus depuis Python 3.10",
  'Django below 4 imports cgi, which Python 3.13 does not have': "Django avant 4 importe cgi, que Python 3.13 n'a plus",
  'have the service run on Python 3.9, or take flask 2 or newer':
    'choisissez Python 3.9 pour le service, ou prenez flask 2 ou plus récent',
  'have the service run on Python 3.9, or take django 2.1 or newer':
    'choisissez Python 3.9 pour le service, ou prenez django 2.1 ou plus récent',
  'have the service run on Python 3.12, or take django 4.2 or newer':
    'choisissez Python 3.12 pour le service, ou prenez django 4.2 ou plus récent',
  'A module of Python itself is listed, which is no distribution: the install stops':
    "Un module de Python lui-même est listé, qui n'est pas une distribution : l'installation s'arrête",
  'remove that line': 'supprimez cette ligne',
  'sklearn is a name that only says to install scikit-learn: the install stops':
    "sklearn est un nom qui dit seulement d'installer scikit-learn : l'installation s'arrête",
  'list scikit-learn instead of sklearn': 'listez scikit-learn au lieu de sklearn',
  'marshmallow 4 has no default and no missing of a field: they are dump_default and load_default':
    "marshmallow 4 n'a plus default ni missing pour un champ : ce sont dump_default et load_default",
  'aiopg.sa is written against SQLAlchemy 1, and says that it requires it where 2 is installed':
    "aiopg.sa est écrit pour SQLAlchemy 1, et dit qu'il lui faut celui-ci là où la version 2 est installée",
  'aiohttp below 3 makes a class of async_timeout.timeout, which is a function since 4':
    'aiohttp avant la version 3 fait une classe de async_timeout.timeout, qui est une fonction depuis la version 4',
};
