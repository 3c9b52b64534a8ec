/** What the notes of the survey say: what will not start, and what somebody must decide. */
export const notes: Readonly<Record<string, string>> = {
  ' and its address set in {0}': ' et son adresse donnée dans {0}',
  'The service needs {0}, which Render does not offer: it must be rented elsewhere{1}.':
    'Le service a besoin de {0}, que Render ne propose pas : il faut le louer ailleurs{1}.',
  '{0} must begin with {1}:// here, but a platform hands out postgresql://, and the code does not rewrite it.':
    '{0} doit commencer ici par {1}://, mais une plateforme fournit postgresql://, et le code ne le réécrit pas.',
  'The {0} URL {1}://{2} stands in the source: no environment variable changes it. Read os.environ["{3}"] in its place.':
    'L\'URL ({0}) {1}://{2} est en dur dans le code : aucune variable d\'environnement ne la change. Lisez os.environ["{3}"] à sa place.',
  'The address of the database at {0} stands in the source, where no environment variable changes it. Read os.environ["DATABASE_URL"] in its place.':
    'L\'adresse de la base chez {0} est en dur dans le code, où aucune variable d\'environnement ne la change. Lisez os.environ["DATABASE_URL"] à sa place.',
  '{0} names a build that the usual index never has: take it off, or add a line with the --extra-index-url that has it':
    "{0} désigne une version que l'index habituel n'a jamais : retirez-le, ou ajoutez une ligne avec l'--extra-index-url qui l'a",
  'SQLite cannot do what op.{0} asks for: `{1}` stops at {2}. Use `with op.batch_alter_table(…)` there, or PostgreSQL.':
    "SQLite ne sait pas faire ce que demande op.{0} : `{1}` s'arrête à {2}. Utilisez-y `with op.batch_alter_table(…)`, ou PostgreSQL.",
  'The start loads the configuration {0}, whose SQLALCHEMY_DATABASE_URI is a database on this machine that no environment variable changes. Let the start choose the configuration that reads the environment.':
    "Le démarrage charge la configuration {0}, dont SQLALCHEMY_DATABASE_URI est une base sur cette machine qu'aucune variable d'environnement ne change. Que le démarrage choisisse la configuration qui lit l'environnement.",
  'Nothing in the repository makes the tables of the models, neither migrations nor create_all: on an empty database the first query fails. Make migrations and run them before the start.':
    'Rien dans le dépôt ne crée les tables des modèles, ni migrations ni create_all : sur une base vide, la première requête échoue. Faites des migrations et lancez-les avant le démarrage.',
  'No migration makes the tables of {0}: `python manage.py migrate` leaves them out, and the first query fails. Run `python manage.py makemigrations` and commit what it writes.':
    "Aucune migration ne crée les tables de {0} : `python manage.py migrate` les laisse de côté, et la première requête échoue. Lancez `python manage.py makemigrations` et commitez ce qu'il écrit.",
  'allowed_hosts ({0}) does not name the host of the platform: TrustedHostMiddleware answers 400 to every request{1}. Read it from a variable.':
    "allowed_hosts ({0}) ne nomme pas l'hôte de la plateforme : TrustedHostMiddleware répond 400 à chaque requête{1}. Lisez-le dans une variable.",
  'DATABASES connects to {0}, which no environment variable changes: nothing answers there on a platform. Read os.environ["DATABASE_URL"] in its place.':
    "DATABASES se connecte à {0}, ce qu'aucune variable d'environnement ne change : rien n'y répond sur une plateforme. Lisez os.environ[\"DATABASE_URL\"] à sa place.",
  'An AWS access key stands in the source: it should be revoked and taken from the environment.':
    "Une clé d'accès AWS est en dur dans le code : il faut la révoquer et la prendre dans l'environnement.",
  ' where this branch runs': " là où cette branche s'exécute",
  'ALLOWED_HOSTS ({0}) does not name the host of the platform: Django answers 400 to every request{1}. Read it from a variable: ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost").split(",").':
    'ALLOWED_HOSTS ({0}) ne nomme pas l\'hôte de la plateforme : Django répond 400 à toute requête{1}. Lisez-le dans une variable : ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost").split(",").',
  'Only a run as a program does {0}: a server that imports {1} never does. {2}Move it above the main guard, or start the service with `python {3}`.':
    'Seule une exécution comme programme fait {0} : un serveur qui importe {1} ne le fait jamais. {2}Placez-le au-dessus de la garde __main__, ou démarrez le service avec `python {3}`.',
  'Without it no table is there. ': 'Sans cela, aucune table n’existe. ',
  "{0} binds {1}: only --bind on the command line makes gunicorn listen on the platform's port.":
    '{0} fixe {1} : seul --bind sur la ligne de commande fait écouter gunicorn sur le port de la plateforme.',
  "{0} binds {1}: a start with `-c {2}` listens on the platform's port only with --bind beside it.":
    '{0} fixe {1} : un démarrage avec `-c {2}` n’écoute sur le port de la plateforme qu’avec --bind à côté.',
  'APScheduler runs inside the web process: with several workers every job runs once in each, so run one worker.':
    "APScheduler s'exécute dans le processus web : avec plusieurs workers, chaque tâche s'exécute une fois dans chacun ; gardez un seul worker.",
  'WebSocket connections are kept in the memory of one process: with several workers clients do not reach each other, so run one worker.':
    "Les connexions WebSocket sont en mémoire d'un seul processus : avec plusieurs workers, les clients ne s'atteignent pas ; gardez un seul worker.",
  'Socket.IO keeps its clients in the memory of one process, as it has no message queue: with several workers half of their requests are refused, so run one worker.':
    "Socket.IO garde ses clients en mémoire d'un seul processus, faute de file de messages : avec plusieurs workers, la moitié de leurs requêtes est refusée ; gardez un seul worker.",
  '{0} in {1} holds a % that configparser takes for an interpolation: alembic stops with InterpolationSyntaxError. Write %% there.':
    "{0} dans {1} contient un % que configparser prend pour une interpolation : alembic s'arrête avec InterpolationSyntaxError. Écrivez-y %%.",
  '`python {0}` finds modules of {1}/ alone, and {2} lies beside it: the command ends there. Run `PYTHONPATH=. python {3}`.':
    "`python {0}` ne trouve que les modules de {1}/, et {2} est à côté : la commande s'arrête là. Lancez `PYTHONPATH=. python {3}`.",
  'The SQLite file lies in {0}/, which the repository does not hold and nothing makes: "unable to open database file". Let the build command make it (mkdir -p {1}).':
    "Le fichier SQLite est dans {0}/, que le dépôt ne contient pas et que rien ne crée : « unable to open database file ». Faites-le créer par la commande d'installation (mkdir -p {1}).",
  'Nothing states a Python version, and {0}{1} takes Python {2} or older: PYTHON_VERSION on Render (a new render.yaml sets it) and .python-version elsewhere must say so.':
    "Rien n'indique de version de Python, et {0}{1} demande Python {2} ou plus ancien : PYTHON_VERSION sur Render (un nouveau render.yaml la règle) et .python-version ailleurs doivent le dire.",
  '{0} sets no SECRET_KEY, and nothing that it imports does: Django does not start.':
    "{0} ne règle pas SECRET_KEY, et rien de ce qu'il importe ne le fait : Django ne démarre pas.",
  '{0} sets no SECRET_KEY, and nothing that it imports does: Django does not start. Beside it {1} set one: name it in DJANGO_SETTINGS_MODULE.':
    "{0} ne règle pas SECRET_KEY, et rien de ce qu'il importe ne le fait : Django ne démarre pas. À côté, {1} en règlent une : nommez-le dans DJANGO_SETTINGS_MODULE.",
  'Nothing sets SQLALCHEMY_DATABASE_URI, and Flask-SQLAlchemy 3 has no default: the application does not start. Set it from os.environ["DATABASE_URL"].':
    'Rien ne règle SQLALCHEMY_DATABASE_URI, et Flask-SQLAlchemy 3 n\'a pas de valeur par défaut : l\'application ne démarre pas. Réglez-la par os.environ["DATABASE_URL"].',
  'a merge left its marks in {0}': 'une fusion a laissé ses marques dans {0}',
  '{0} is not valid Python': "{0} n'est pas du Python valide",
  '{0}: it is loaded when the service starts, which ends there.':
    "{0} : il est chargé au démarrage du service, qui s'arrête là.",
  'The migration {0} is not valid Python: alembic stops at it before it upgrades anything.':
    "La migration {0} n'est pas du Python valide : alembic s'y arrête avant toute mise à jour.",
  'SQLite is a file on the disk of the service: without a persistent disk every deploy starts with an empty database.':
    'SQLite est un fichier sur le disque du service : sans disque persistant, chaque déploiement commence avec une base vide.',
  '{0} names a folder on the disk of the service: without a persistent disk a deploy empties it.':
    '{0} nomme un dossier sur le disque du service : sans disque persistant, un déploiement le vide.',
  'The vector store is kept on the disk of the service: without a persistent disk a deploy empties it.':
    'La base vectorielle est sur le disque du service : sans disque persistant, un déploiement la vide.',
  'Files are written below {0}/ on the disk of the service: without a persistent disk a deploy deletes them.':
    'Des fichiers sont écrits sous {0}/ sur le disque du service : sans disque persistant, un déploiement les supprime.',
  'The application does not start without the folder {0}/, which the repository does not hold: let the build command make it (mkdir -p {1}).':
    "L'application ne démarre pas sans le dossier {0}/, que le dépôt ne contient pas : faites-le créer par la commande de build (mkdir -p {1}).",

  '`{0}` starts a server of its own when {1} is imported: the server that imports it never answers. Put it below `{2}`.':
    "`{0}` démarre son propre serveur à l'import de {1} : le serveur qui l'importe ne répond jamais. Placez-le sous `{2}`.",
  '`{0}` runs when {1} is imported and never returns: no server comes to answer. Put it below `{2}` and start it as a worker of its own.':
    "`{0}` s'exécute à l'import de {1} et ne se termine jamais : aucun serveur n'arrive à répondre. Placez-le sous `{2}` et démarrez-le comme worker à part.",
  '`{0}` runs when {1} is imported, where nobody can answer: it ends with EOFError. Read an environment variable in its place.':
    "`{0}` s'exécute à l'import de {1}, où personne ne peut répondre : il finit par EOFError. Lisez plutôt une variable d'environnement.",
  '`{0}` runs when {1} is imported: the server that imports it ends there.':
    "`{0}` s'exécute à l'import de {1} : le serveur qui l'importe s'arrête là.",
  '{0} is opened when the service starts, and no checkout holds it. Add it to the repository, or let the build command make it; a file of secrets is a secret file of the platform.':
    '{0} est ouvert au démarrage du service, et aucun checkout ne le contient. Ajoutez-le au dépôt, ou faites-le créer par la commande de build ; un fichier de secrets est un secret file de la plateforme.',
  'The migration {0} changes the table {1}, which no migration makes: on an empty database `{2}` stops there. Add a first migration that makes it.':
    "La migration {0} change la table {1}, qu'aucune migration ne crée : sur une base vide, `{2}` s'y arrête. Ajoutez une première migration qui la crée.",
  ', unless the installation brings it': ", sauf si l'installation l'apporte",
  '{0} is imported when the service starts, and is not found from {1}{2}: it lies in {3}. Import it by the name that it has from {4}, or set PYTHONPATH.':
    "{0} est importé au démarrage du service, et n'est pas trouvé depuis {1}{2} : il se trouve dans {3}. Importez-le par le nom qu'il a depuis {4}, ou réglez PYTHONPATH.",
  '{0} must be {1} here, which no platform makes up: make one with {2}.':
    "{0} doit être {1} ici, ce qu'aucune plateforme ne génère : créez-en un avec {2}.",
  "{0} is run by Heroku's build alone: elsewhere the build command must name it (`bash {1}`).":
    "{0} n'est lancé que par le build de Heroku : ailleurs la commande de build doit le nommer (`bash {1}`).",
  "{0} is read by Heroku's build alone: elsewhere the build command must download it (`{1}`).":
    "{0} n'est lu que par le build de Heroku : ailleurs la commande de build doit le télécharger (`{1}`).",
  'Run `{0}` and commit {1}.': 'Lancez `{0}` et validez {1}.',
  '{0} is not of this {1}: `{2}` stops there. {3}': "{0} n'est pas celui de ce {1} : `{2}` s'y arrête. {3}",
  '{0} is older than {1}: `{2}` does not install {3}. {4}':
    "{0} est plus ancien que {1} : `{2}` n'installe pas {3}. {4}",
  '{0} is older than {1}: it holds versions that are not asked for, {2}. {3}':
    '{0} est plus ancien que {1} : il retient des versions qui ne sont pas demandées, {2}. {3}',
  'Python {0} was never released: the newest of its series is {1}.{2}.':
    "Python {0} n'a jamais été publié : le plus récent de sa série est {1}.{2}.",
  'Python {0} has had no security fixes since {1}.': "Python {0} n'a plus de correctifs de sécurité depuis {1}.",
  '{0} says Python {1}, and {2}:{3} admits {4}: `{5}` stops there. Write a version that both admit.':
    "{0} dit Python {1}, et {2}:{3} admet {4} : `{5}` s'y arrête. Écrivez une version que les deux admettent.",
  ' Python {0} is taken from {1}.': ' Python {0} est pris dans {1}.',
  '{0} in {1} has no hash, and {2} has one: pip refuses the whole list. Add its hash, or compile the list anew.':
    "{0} dans {1} n'a pas d'empreinte et {2} en a une : pip refuse toute la liste. Ajoutez son empreinte, ou compilez la liste à nouveau.",
  '{0} in {1} is {2}, which has no hash, and {3} has one: pip refuses the whole list. Install it with `uv pip install -r {4}`, or move such lines into a list of their own that `pip install -r` is given afterwards.':
    '{0} dans {1} est {2}, sans empreinte, et {3} en a une : pip refuse toute la liste. Installez-la avec `uv pip install -r {4}`, ou déplacez de telles lignes dans une liste à part, que `pip install -r` reçoit ensuite.',
  'a repository': 'un dépôt',
  editable: 'modifiable',
  'a folder': 'un dossier',
  '{0}: `{1}` stops there.{2}': "{0} : `{1}` s'arrête là.{2}",
  ' Take {0}.': ' Prenez {0}.',
  ' Take {0}, or {1}.': ' Prenez {0}, ou {1}.',
  '{0} is listed, and {1} lists {2}': '{0} est déclaré, et {1} déclare {2}',
  '{0} asks for {1} {2}, and {3} for {4}': '{0} demande {1} {2}, et {3} {4}',
  '{0} asks for {1} {2}, and {3} of {4} for {5}': '{0} demande {1} {2}, et {3} de {4} {5}',
  '{0} needs Python {1} or newer, and {2}': '{0} demande Python {1} ou plus récent, et {2}',
  '{0} needs Python {1} or older, and {2}': '{0} demande Python {1} ou plus ancien, et {2}',
  '{0}:{1} says {2}': '{0}:{1} dit {2}',
  'no Python is stated, and Render takes {0}': "aucun Python n'est indiqué, et Render prend {0}",
  ' Have the service run on Python {0}.': ' Faites tourner le service sous Python {0}.',
  ' Have the service run on Python {0}, or take {1}.': ' Faites tourner le service sous Python {0}, ou prenez {1}.',
  'pip stops at {0} in {1}: {2}.': "pip s'arrête à {0} dans {1} : {2}.",
  'it is no requirement': "ce n'est pas une dépendance",
  'that file is on one machine only': "ce fichier n'est que sur une machine",
  '{0}: {1} cannot be imported.': '{0} : {1} ne peut pas être importé.',
  'there is no {0}.py in {1}, and no package {2}': "il n'y a pas de {0}.py dans {1}, ni de paquet {2}",
  '{0} is imported and the file is {1}: on a server, capital and small letters differ':
    '{0} est importé et le fichier est {1} : sur un serveur, majuscules et minuscules diffèrent',
  '{0} lacks {1}, which the start needs and {2} lists: the latter is installed. Renew {3}, or remove it.':
    "{1} manque dans {0}, alors que le démarrage en a besoin et que {2} le liste : c'est ce dernier qui est installé. Mettez {3} à jour, ou supprimez-le.",
  '{0} is served, and Node makes it: the build must run `{1}`. render.yaml and deploy/README.md do so; on Heroku it takes the buildpack of Node beside that of Python.':
    "{0} est servi, et c'est Node qui le fait : le build doit lancer `{1}`. render.yaml et deploy/README.md le font ; sur Heroku, il faut pour cela le buildpack de Node à côté de celui de Python.",
  'The settings have no STATIC_ROOT: collectstatic has no folder to gather the static files in, and none is served. Add `{0}`.':
    "Les réglages n'ont pas de STATIC_ROOT : collectstatic n'a pas de dossier où réunir les fichiers statiques, et aucun n'est servi. Ajoutez `{0}`.",
  "Nothing serves Django's static files when gunicorn runs it: the admin and the pages are without style. List whitenoise, and put {0} behind SecurityMiddleware.":
    "Rien ne sert les fichiers statiques de Django quand gunicorn le lance : l'administration et les pages sont sans style. Listez whitenoise, et mettez {0} derrière SecurityMiddleware.",
  "Nothing serves Django's static files when gunicorn runs it: the admin and the pages are without style. List whitenoise, put {0} behind SecurityMiddleware, and add `{1}`.":
    "Rien ne sert les fichiers statiques de Django quand gunicorn le lance : l'administration et les pages sont sans style. Listez whitenoise, mettez {0} derrière SecurityMiddleware, et ajoutez `{1}`.",
  'create_all makes the table {0} when `{1}` loads {2}, and the migration that makes it stops on an empty database. Leave the tables to the migrations.':
    "create_all crée la table {0} quand `{1}` charge {2}, et la migration qui la crée s'arrête sur une base vide. Laissez les tables aux migrations.",
  '{0} is another application, which is left out: one folder is one service. Deploy it as a service of its own, with a start command that names it.':
    '{0} est une autre application, qui est laissée de côté : un dossier est un service. Déployez-la comme un service à elle, avec une commande de démarrage qui la nomme.',
  'A response of text/event-stream stays open: each open page takes a thread of the server, which has one for each worker unless --threads says more.':
    "Une réponse text/event-stream reste ouverte : chaque page ouverte prend un thread du serveur, qui n'en a qu'un par worker sauf si --threads en donne plus.",
  "`{0}` runs a bot when {1} is loaded: once in each worker process, and two of one bot take each other's messages. Run one worker, or start the bot as a worker of its own.":
    "`{0}` lance un bot au chargement de {1} : une fois dans chaque processus worker, et deux d'un même bot se prennent les messages. Gardez un seul worker, ou démarrez le bot comme un worker à part.",
  'Rows are added when {0} starts and finds none: with several workers each of them finds none at the first start, and those that come second end with a duplicate key. Start with one worker, or add the rows before the service starts.':
    "Des lignes sont ajoutées quand {0} démarre et n'en trouve pas : avec plusieurs workers, chacun n'en trouve pas au premier démarrage, et ceux qui viennent ensuite s'arrêtent sur une clé en double. Démarrez avec un seul worker, ou ajoutez les lignes avant que le service démarre.",
  '{0} is not executable in git: `{1}` ends with "Permission denied". Run `git update-index --chmod=+x {2}`, or write `bash {3}`.':
    "{0} n'est pas exécutable dans git : `{1}` se termine par « Permission denied ». Lancez `git update-index --chmod=+x {2}`, ou écrivez `bash {3}`.",
  'The Socket.IO server is made with async_mode {0}, and {1} is not installed: it ends with "ValueError: Invalid async_mode specified". List {2}, or leave async_mode out.':
    "Le serveur Socket.IO est créé avec async_mode {0}, et {1} n'est pas installé : il se termine par « ValueError: Invalid async_mode specified ». Déclarez {2}, ou retirez async_mode.",
  '{0}: a Celery worker is told to load {1}, and stops.': "{0} : un worker Celery doit charger {1}, et s'arrête.",
  'The migration {0} changes the table {1}, which no migration before it makes: on an empty database `{2}` stops there. Add a first migration that makes it.':
    "La migration {0} modifie la table {1}, qu'aucune migration précédente ne crée : sur une base vide, `{2}` s'y arrête. Ajoutez une première migration qui la crée.",
  '`{0}` runs when {1} is loaded: once in each worker process. What must be done once is a worker of its own, or needs one worker.':
    "`{0}` s'exécute au chargement de {1} : une fois dans chaque processus worker. Ce qui doit se faire une seule fois est un worker à part, ou demande un seul worker.",
  '{0} is loaded by its name, and .gitignore leaves it out of the repository: a deployment has none. Let the build command make it, or make it a secret file of the platform.{1}':
    "{0} est chargé par son nom, et .gitignore le laisse hors du dépôt : un déploiement n'en a pas. Faites-le créer par la commande de build, ou faites-en un secret file de la plateforme.{1}",
  ' {0} shows what it holds.': ' {0} montre ce qu’il contient.',
  'PostgreSQL takes no {0} for the default of a boolean column: `{1}` stops at {2}. Write server_default={3} there.':
    "PostgreSQL ne prend pas {0} pour valeur par défaut d'une colonne booléenne : `{1}` s'arrête à {2}. Écrivez-y server_default={3}.",
  'it is imported below `if TYPE_CHECKING:` alone, which never runs':
    "il n'est importé que sous `if TYPE_CHECKING:`, qui ne s'exécute jamais",
  '{0} uses {1} as it is loaded, and {2}: NameError{3}, and {4} cannot be imported.':
    '{0} utilise {1} à son chargement, et {2} : NameError{3}, et {4} ne peut pas être importé.',
  'nothing in it binds that name': "rien n'y définit ce nom",
  'it is bound in line {0} only': "il n'est défini qu'à la ligne {0}",
  ' below Python {0}': ' avant Python {0}',
  'The name of a database ({0}) is put behind {1}: the address that a platform hands out names its database already, and there is none called by both. Use {2} as it is.':
    "Le nom d'une base ({0}) est ajouté derrière {1} : l'adresse que donne une plateforme nomme déjà sa base, et aucune ne porte les deux noms. Utilisez {2} telle quelle.",
  'dj_database_url.config takes the name of a variable, and gets the address in it: no database is found, and Django stops with ImproperlyConfigured. Call dj_database_url.parse, or pass default=.':
    "dj_database_url.config prend le nom d'une variable, et reçoit l'adresse qu'elle contient : aucune base n'est trouvée, et Django s'arrête avec ImproperlyConfigured. Appelez dj_database_url.parse, ou passez default=.",
  '{0} imports {1} from {2}, which is still being loaded: its line {3} leads here, and {4} is bound in line {5} only. ImportError, and {6}. Import {7} inside the function that uses it, or move it to a module that imports neither.':
    "{0} importe {1} de {2}, qui est encore en cours de chargement : sa ligne {3} mène ici, et {4} n'y est défini qu'à la ligne {5}. ImportError, et {6}. Importez {7} dans la fonction qui s'en sert, ou déplacez-le dans un module qui n'importe ni l'un ni l'autre.",
  '{0} cannot be imported': '{0} ne peut pas être importé',
  '`{0}` fails': '`{0}` échoue',
  '{0} must be there when the service starts: {1} is a {2} of settings that are made then ({3}:{4}), and no checkout holds it. Add it to the repository, or let the build command make it{5}.':
    '{0} doit exister quand le service démarre : {1} est un {2} de réglages créés à ce moment ({3}:{4}), et aucun dépôt cloné ne le contient. Ajoutez-le au dépôt, ou faites-le créer par la commande de build{5}.',
  ', or set {0} to one that is there': ', ou donnez à {0} un chemin qui existe',
  "Django 6 refuses {0} without '{1}' in INSTALLED_APPS (postgres.E005), which is added for addresses that begin with postgres:// alone, and Render hands out postgresql://: `{2}` stops. Put it into the list itself ({3}).":
    "Django 6 refuse {0} sans '{1}' dans INSTALLED_APPS (postgres.E005), qui n'y est ajouté que pour les adresses qui commencent par postgres://, et Render donne postgresql:// : `{2}` s'arrête. Mettez-le dans la liste même ({3}).",
  "Django 6 refuses {0} without '{1}' in INSTALLED_APPS (postgres.E005): `{2}` stops. Add it ({3}).":
    "Django 6 refuse {0} sans '{1}' dans INSTALLED_APPS (postgres.E005) : `{2}` s'arrête. Ajoutez-le ({3}).",
  '{0} of {1}': '{0} de {1}',
  '{0} makes its file in {1}/, which the repository does not hold and nothing makes: the service does not start.{2} Let the build command make it (mkdir -p {3}).':
    '{0} crée son fichier dans {1}/, que le dépôt ne contient pas et que rien ne crée : le service ne démarre pas.{2} Faites-le créer par la commande de construction (mkdir -p {3}).',
  'Nothing makes PostgreSQL\'s extension {0}, whose type a column has, on a database of a platform{1}: {2} stops with "type does not exist". Run `psql "$DATABASE_URL" -c \'CREATE EXTENSION IF NOT EXISTS {3}\'` once before the first start, with that database\'s address.':
    "Rien ne crée l'extension {0} de PostgreSQL, dont une colonne a le type, sur une base d'une plateforme{1} : {2} s'arrête sur \"type does not exist\". Lancez `psql \"$DATABASE_URL\" -c 'CREATE EXTENSION IF NOT EXISTS {3}'` une fois avant le premier démarrage, avec l'adresse de cette base.",
  " ({0} runs in compose's own database only)": " ({0} ne s'exécute que dans la base de compose)",
  'create_all runs when {0} starts, in each worker: with several of them, all find no tables at the first start, and those that come second can end with "already exists". Start with one worker, or make the tables before the service starts.':
    'create_all s\'exécute quand {0} démarre, dans chaque worker : avec plusieurs, aucun ne trouve de tables au premier démarrage, et ceux qui viennent ensuite peuvent s\'arrêter sur "already exists". Démarrez avec un seul worker, ou créez les tables avant que le service démarre.',
  '{0} is imported when the service starts, and {1} does not list it: the build command installs it beside the list. A buildpack that is given {2}/ alone cannot.':
    "{0} est importé quand le service démarre, et {1} ne le liste pas : la commande de build l'installe à côté de la liste. Un buildpack qui ne reçoit que {2}/ ne le peut pas.",
  'drop_all runs each time {0} starts or stops: every deploy and every restart loses what the database holds. Take it out.':
    "drop_all s'exécute chaque fois que {0} démarre ou s'arrête : chaque déploiement et chaque redémarrage perd ce que contient la base. Retirez-le.",
  'MIGRATION_MODULES switches the migrations of every application off: on an empty database `{0}` makes no table, and stops as django_content_type is not there. Set it for the tests alone.':
    "MIGRATION_MODULES désactive les migrations de toutes les applications : sur une base vide, `{0}` ne crée aucune table, et s'arrête car django_content_type n'existe pas. Ne le réglez que pour les tests.",
  'The migration {0} makes the index {1} twice, here and in line {2}: `{3}` stops with "already exists". Take one of them out.':
    'La migration {0} crée deux fois l\'index {1}, ici et à la ligne {2} : `{3}` s\'arrête sur "already exists". Retirez-en un.',
  "The locale {0} is asked for when the service starts: where the system has none of that name, as Debian's slim images, locale.Error ends it. Install it in the image (locales, locale-gen), or catch the error.":
    "La locale {0} est demandée quand le service démarre : là où le système n'en a pas de ce nom, comme les images slim de Debian, locale.Error l'arrête. Installez-la dans l'image (locales, locale-gen), ou interceptez l'erreur.",
};
