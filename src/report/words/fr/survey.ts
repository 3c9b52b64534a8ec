/** What the survey, the judge of start commands and the tables of knowledge say. */
export const survey: Readonly<Record<string, string>> = {
  '{0} is installed by {1}, which the builds of platforms do not have: list what it needs in requirements.txt, or deploy an image':
    "{0} s'installe par {1}, que les builds des plateformes n'ont pas : listez ses besoins dans requirements.txt, ou déployez une image",
  '{0} is a conda environment, which the builds of platforms do not install: list what it needs in requirements.txt, or deploy an image':
    "{0} est un environnement conda, que les builds des plateformes n'installent pas : listez ses besoins dans requirements.txt, ou déployez une image",
  '{0} lists nothing': '{0} ne liste rien',
  '{0} cannot be read': '{0} ne peut pas être lu',
  '{0} is a link, which is not followed': "{0} est un lien, qui n'est pas suivi",
  'no dependency file was found': "aucun fichier de dépendances n'a été trouvé",
  'behind the main guard': 'derrière la garde __main__',
  'at module level': 'au niveau du module',
  'through the console script {0}': 'par le script {0}',
  'through the command {0}': 'par la commande {0}',
  ' unless something that is listed brings it along': ' à moins qu’un paquet listé ne l’apporte',
  '{0} needs {1}, which {2} does not install{3}: {4}.': "{0} a besoin de {1}, que {2} n'installe pas{3} : {4}.",
  'The folder holds no files; give the folder of a Python web repository.':
    'Le dossier ne contient aucun fichier ; donnez le dossier d’un dépôt web Python.',
  'No Python file was found; nayek patches Python web services only.':
    "Aucun fichier Python n'a été trouvé ; nayek ne modifie que des services web Python.",
  'The service lies in {0}, which is a project template; render it first (cookiecutter, copier) and patch the generated project.':
    "Le service se trouve dans {0}, qui est un modèle de projet ; générez d'abord le projet (cookiecutter, copier) et appliquez nayek au résultat.",
  'No web application (FastAPI, Flask, Django, Starlette, …) that a server could start was found{0}':
    "Aucune application web (FastAPI, Flask, Django, Starlette, …) qu'un serveur pourrait démarrer n'a été trouvée{0}",
  '{0} does not parse (line {1})': "{0} n'est pas du Python valide (ligne {1})",
  ' (and {0} more)': ' (et {0} de plus)',
  'The file lies in a folder of reference copies that is not deployed.':
    "Le fichier se trouve dans un dossier de copies de référence qui n'est pas déployé.",
  'The file lies outside of every service.': 'Le fichier se trouve hors de tout service.',
  'It serves {0} {1}.': 'Il sert {0} {1}.',
  'when run': "à l'exécution",
  'Its import string "{0}" means no application of a service.':
    "Son chaîne d'import « {0} » ne désigne aucune application d'un service.",
  'What it serves is not provably the application of a deployed service.':
    "Rien ne prouve que ce qu'il sert soit l'application d'un service déployé.",
  'It is a helper script, not the launcher of the deployed service.':
    "C'est un script auxiliaire, pas le lanceur du service déployé.",
  '{0} starts a development server.': '{0} démarre un serveur de développement.',
  'Nothing that a deployment runs calls the function around it.':
    "Rien de ce qu'un déploiement exécute n'appelle la fonction qui l'entoure.",
  'The main guard of a package never holds.': "La garde __main__ d'un paquet n'est jamais vraie.",
  'It is a debug server; the deployment starts the application with its own server.':
    "C'est un serveur de débogage ; le déploiement démarre l'application avec son propre serveur.",
  '`{0}` may fail and the server starts all the same, on a schema that is out of date: join them by &&':
    '`{0}` peut échouer et le serveur démarre quand même, sur un schéma périmé : joignez-les par &&',
  'a Fernet key': 'une clé Fernet',
  hexadecimal: 'hexadécimal',
  base32: 'en base32',
  'a UUID': 'un UUID',
  '16, 24 or 32 bytes long': 'long de 16, 24 ou 32 octets',
  '{0} characters long': 'long de {0} caractères',
  'at least {0} characters long': "long d'au moins {0} caractères",
  'No web application was found: {0} runs a bot or a consumer (line {1}), which listens on no port. It is a background worker: `worker: python {2}` in a Procfile, or a service of type worker with that start command on Render.':
    "Aucune application web n'a été trouvée : {0} fait tourner un bot ou un consommateur (ligne {1}), qui n'écoute sur aucun port. C'est un worker d'arrière-plan : `worker: python {2}` dans un Procfile, ou un service de type worker avec cette commande de démarrage sur Render.",
  'which server it starts is decided by the script': 'le serveur démarré est choisi par le script',
  ", {0}'s default": ', la valeur par défaut de {0}',
  '{0} listens on {1}{2}: nothing reaches it from outside': "{0} écoute sur {1}{2} : rien ne l'atteint de l'extérieur",
  '{0} listens on port {1}{2}, whatever PORT says': '{0} écoute sur le port {1}{2}, quoi que dise PORT',
  'no shell reads the exec form: the server gets the text {0} itself':
    'aucun shell ne lit la forme exec : le serveur reçoit le texte {0} tel quel',
  "speaks aiohttp's own protocol": 'parle le protocole propre à aiohttp',
  'is {0}': 'est {0}',
  "{0}'s default worker": 'le worker par défaut de {0}',
  'the worker {0}': 'le worker {0}',
  '{0} cannot serve {1}, which {2}: every request answers 500':
    '{0} ne peut pas servir {1}, qui {2} : chaque requête répond 500',
  '{0} takes {1} for {2} without {3} {4}': 'sans {3} {4}, {0} prend {1} pour du {2}',
  '{0} cannot serve {1}, which {2}': '{0} ne peut pas servir {1}, qui {2}',
  'is not listed in {0}': "n'est pas listé dans {0}",
  'stands in {0} only for development': "n'est dans {0} que pour le développement",
  '{0} is not installed: {1} {2}': "{0} n'est pas installé : {1} {2}",
  'what {0} listens on was not checked': "l'adresse d'écoute de {0} n'a pas été vérifiée",
  '{0} serves {1}': '{0} sert {1}',
  '{0} serves {1} on {2}': '{0} sert {1} sur {2}',
  '{0} runs': '{0} démarre',
  '{0} runs on {1}': '{0} démarre sur {1}',
  '{0} is a development server: one process, no limits, no restarts':
    '{0} est un serveur de développement : un processus, sans limites ni redémarrages',
  '--reload watches the files: it is for development only':
    '--reload surveille les fichiers : à réserver au développement',
  'the worker {0} needs {1}, which is not installed': "le worker {0} a besoin de {1}, qui n'est pas installé",
  'gunicorn {0} has no eventlet worker: ask for gunicorn>=23.0.0,<26':
    "gunicorn {0} n'a pas de worker eventlet : demandez gunicorn>=23.0.0,<26",
  '{0} of uvicorn {1} needs uvloop and httptools: UvicornH11Worker does not':
    "{0} d'uvicorn {1} a besoin d'uvloop et de httptools : UvicornH11Worker s'en passe",
  'gunicorn {0} imports pkg_resources, which neither Python {1} and newer nor setuptools 82 brings':
    "gunicorn {0} importe pkg_resources, que n'apportent ni Python {1} et suivants ni setuptools 82",
  '{0} has no `{1}`': "{0} n'a pas de `{1}`",
  'there is no {0}': "il n'y a pas de {0}",
  "the repository's root": 'la racine du dépôt',
  '{0} cannot be imported from {1}: it is {2}': "{0} ne peut pas être importé depuis {1} : c'est {2}",
  'there is no folder {0} to run it in': "il n'y a pas de dossier {0} où le lancer",
  'there is no module {0} in {1}': "il n'y a pas de module {0} dans {1}",

  'FastAPI stops at the route that takes a form': "FastAPI s'arrête à la route qui prend un formulaire",
  'FastAPI stops at the route that takes the form': "FastAPI s'arrête à la route qui prend le formulaire",
  'pydantic stops at the model that has the field': "pydantic s'arrête au modèle qui a ce champ",
  'WTForms stops at the form that has the field': "WTForms s'arrête au formulaire qui a ce champ",
  'Starlette cannot import its sessions': 'Starlette ne peut pas importer ses sessions',
  'Starlette stops where the templates are made': "Starlette s'arrête là où les templates sont créés",
  'passlib has no backend for the first password': "passlib n'a rien pour le premier mot de passe",
  'the response is made by it': 'la réponse en est faite',
  'Starlette cannot import its test client': 'Starlette ne peut pas importer son client de test',
  'when the migrations run': "quand les migrations s'exécutent",
  'when a worker starts': 'quand un worker démarre',
  'when the service starts': 'quand le service démarre',
  'Add {0} to {1}': 'Ajoutez {0} à {1}',
  'The database is {0}, and {1} installs no driver for it{2}: add {3}.':
    "La base est {0}, et {1} n'installe aucun pilote pour elle{2} : ajoutez {3}.",
  '{0} needs {1}': '{0} a besoin de {1}',
  '{0} of {1}:{2} needs {3}': '{0} de {1}:{2} a besoin de {3}',
  '{0} is imported {1}; {2} stands only in the group "{3}" of {4}, which the build leaves out.':
    "{0} est importé {1} ; {2} n'est que dans le groupe « {3} » de {4}, que l'installation laisse de côté.",
  '{0} is imported {1}; {2} does not install {3}{4}.': "{0} est importé {1} ; {2} n'installe pas {3}{4}.",
  '{0}:{1} imports {2}': '{0}:{1} importe {2}',
  '{0} is imported {1}; nothing in {2} is known to bring it{3}.':
    "{0} est importé {1} ; rien de connu dans {2} ne l'apporte{3}.",
  ' (of {0} it is not known what they hold)': ' (de {0} on ne sait pas ce que cela contient)',
  '`{0}` needs {1}, which {2} does not install{3}.': "`{0}` a besoin de {1}, que {2} n'installe pas{3}.",
  '`{0}` needs {1}': '`{0}` a besoin de {1}',
  '{0} below {1} has no wheel for Python {2}: its install compiles, or stops. Have the service run on Python {3}, or take {4} {5}.':
    "{0} avant {1} n'a pas de wheel pour Python {2} : l'installation compile, ou s'arrête. Choisissez Python {3} pour le service, ou prenez {4} {5}.",
  ' {0} needs none of it.': " {0} n'en a pas besoin.",
  '{0} is compiled when it is installed, with {1} of the system: where they are not, the build stops.{2}':
    "{0} se compile à l'installation, avec {1} du système : sans eux, le build s'arrête.{2}",
  'add `{0}` to the build where that may install packages, else deploy an image':
    'ajoutez `{0}` au build là où il peut installer des paquets, sinon déployez une image',
  'list {0} in its place, or deploy an image that has it': "listez {0} à sa place, ou déployez une image qui l'a",
  'deploy an image that has it': "déployez une image qui l'a",
  '{0} needs {1} of the system, which pip does not install. On a server: `apt-get install {2}`; on a platform without it: {3}.':
    "{0} a besoin de {1} du système, que pip n'installe pas. Sur un serveur : `apt-get install {2}` ; sur une plateforme sans cela : {3}.",
  '{0} is no text in UTF-8.': "{0} n'est pas un texte en UTF-8.",
  '{0} names no version.': '{0} ne nomme aucune version.',
  '{0} names several versions, of which {1} is taken.': '{0} nomme plusieurs versions, dont {1} est prise.',
  '{0} is not plain UTF-8 ({1}): other tools may not read it.':
    "{0} n'est pas en UTF-8 simple ({1}) : d'autres outils peuvent ne pas le lire.",
  '{0} says {1} for {2}.': '{0} dit {1} pour {2}.',
  '{0} names {1}, which is not CPython.': "{0} nomme {1}, qui n'est pas CPython.",
  '{0} names no version of Python 3: {1}.': '{0} ne nomme aucune version de Python 3 : {1}.',
  '{0} makes a web application (line {1}), and no server can import it by its name: rename the file, or the package of the same name beside it.':
    "{0} crée une application web (ligne {1}), et aucun serveur ne peut l'importer par son nom : renommez le fichier, ou le paquet du même nom à côté.",
  '{0} runs {1} processes, and the clients of {2}:{3} are known to one of them: it takes one worker':
    "{0} fait tourner {1} processus, et les clients de {2}:{3} ne sont connus que de l'un d'eux : il faut un seul worker",
  "gunicorn's sync worker holds one connection at a time, and {0} keeps them open: it takes --threads":
    'le worker sync de gunicorn tient une connexion à la fois, et {0} les garde ouvertes : il faut --threads',
};
