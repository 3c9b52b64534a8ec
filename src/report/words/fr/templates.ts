/** What the parts of templates/ say. */
export const templates: Readonly<Record<string, string>> = {
  '{0}:{1}: nothing of the service mentions {2}, where Render asks whether it is healthy: the deploy fails with 404':
    "{0}:{1} : rien du service ne mentionne {2}, où Render demande s'il va bien : le déploiement échoue avec 404",
  'no web service was found': "aucun service web n'a été trouvé",
  "option repository: '{0}' is no address": "option repository : '{0}' n'est pas une adresse",
  '{0} tells how to deploy': '{0} dit comment déployer',
  'the project has a way of its own: {0}': 'le projet a sa propre façon de faire : {0}',
  '{0} says nothing of systemd': '{0} ne dit rien de systemd',
  '{0} gives the commands': '{0} donne les commandes',
  '{0}: no dependency file says what to install into {1}':
    "{0} : aucun fichier de dépendances ne dit ce qu'il faut installer dans {1}",
  '{0} lists the variables': '{0} liste les variables',
  '{0} lists {1} variables': '{0} liste {1} variables',
  '{0} must be given values for {1}': 'il faut donner dans {0} une valeur à {1}',
  "option body-size: '{0}' is no size": "option body-size : '{0}' n'est pas une taille",
  '{0} passes requests on to {1}': '{0} transmet les requêtes à {1}',
  '{0} passes requests on to {1}, while the unit listens on {2}':
    "{0} transmet les requêtes à {1}, alors que l'unité écoute sur {2}",
  '{0} passes requests on': '{0} transmet les requêtes',
  '{0} passes no requests on': '{0} ne transmet aucune requête',
  '{0} passes requests for {1} on to {2}': '{0} transmet les requêtes pour {1} à {2}',
  '{0} stands for the real host name: --set domain=<name>':
    "{0} tient la place du vrai nom d'hôte : --set domain=<nom>",
  "option migrate: '{0}' is no such value ({1})": "option migrate : '{0}' n'est pas une de ses valeurs ({1})",
  '{0} cannot be read': '{0} ne peut pas être lu',
  '{0} already starts another service': '{0} démarre déjà un autre service',
  '{0} is never read: platforms look for {1}, and some file systems hold only one of the two':
    "{0} n'est jamais lu : les plateformes cherchent {1}, et certains systèmes de fichiers n'acceptent qu'un des deux",
  '{0} starts {1}': '{0} démarre {1}',
  '{0} starts the service as {1} does': '{0} démarre le service comme {1}',
  "{0} starts {1}'s development server: with `{2}` in it gunicorn can serve it":
    '{0} démarre le serveur de développement de {1} : avec `{2}`, gunicorn peut le servir',
  'no server can import {0} by its name': 'aucun serveur ne peut importer {0} par son nom',
  'the application is made in a function, where no server finds it':
    "l'application est créée dans une fonction, où aucun serveur ne la trouve",
  '{0}, so the program itself is started: one process, and the server that it chooses':
    "{0} ; le programme lui-même est donc lancé : un seul processus, et le serveur qu'il choisit",
  '`{0}` does not find the modules that env.py imports: `{1}` would':
    '`{0}` ne trouve pas les modules importés par env.py : `{1}` les trouverait',
  'a failed `{0}` is ignored and the server starts all the same: /health answers while every query fails':
    'un échec de `{0}` est ignoré et le serveur démarre quand même : /health répond alors que chaque requête à la base échoue',
  'bash keeps SIGTERM to itself and orphans gunicorn on a shutdown: `exec gunicorn` would not':
    "bash garde SIGTERM pour lui et laisse gunicorn orphelin à l'arrêt : `exec gunicorn` l'éviterait",
  'Railway runs no release line: `{0}` is its pre-deploy command there':
    "Railway n'exécute pas de ligne release : `{0}` y est la commande de pré-déploiement",
  'nothing runs `{0}`': "rien n'exécute `{0}`",
  "buildpacks install from the folder that they build: deploy {0}/ as the application's root, or add a buildpack that changes to it":
    "les buildpacks installent depuis le dossier qu'ils construisent : déployez {0}/ comme racine de l'application, ou ajoutez un buildpack qui s'y place",
  'Heroku hands out postgres:// in {0}, which SQLAlchemy refuses since 1.4: read it with os.environ["{1}"].replace("postgres://", "postgresql://", 1)':
    'Heroku fournit postgres:// dans {0}, que SQLAlchemy refuse depuis 1.4 : lisez-la avec os.environ["{1}"].replace("postgres://", "postgresql://", 1)',
  '{0} starts the web process: {1}': '{0} démarre le processus web : {1}',
  'has its web line commented out': 'a sa ligne web en commentaire',
  'has no web line': "n'a pas de ligne web",
  '{0} gets a web line': '{0} reçoit une ligne web',
  'its Procfile never runs `{0}`': "son Procfile n'exécute jamais `{0}`",
  'Railway reads a Procfile as YAML and would not understand this one':
    'Railway lit un Procfile comme du YAML et ne comprendrait pas celui-ci',
  'render.yaml declares {0}': 'render.yaml déclare {0}',
  '{0} is a blueprint too: Render reads the one whose path is set in its Dashboard':
    '{0} est aussi un blueprint : Render lit celui dont le chemin est donné dans son Dashboard',
  '{0} is not a valid blueprint: {1}': "{0} n'est pas un blueprint valide : {1}",
  '{0} deploys the web service{1}': '{0} déploie le service web{1}',
  '{0} does not deploy {1}': '{0} ne déploie pas {1}',
  "no variable carries the database's address ({0}:{1}): it cannot be attached":
    "aucune variable ne porte l'adresse de la base de données ({0}:{1}) : elle ne peut pas être rattachée",
  '{0} has no ipAllowList and is open to every address': "{0} n'a pas d'ipAllowList et est ouvert à toute adresse",
  '{0} is free and expires after 30 days': '{0} est gratuit et expire après 30 jours',
  'no variable carries the address of Redis ({0}:{1}): it cannot be attached':
    "aucune variable ne porte l'adresse de Redis ({0}:{1}) : il ne peut pas être rattaché",
  'a workspace of Render has one free database: give the others a plan':
    "un espace de travail Render n'a qu'une base de données gratuite : donnez un plan aux autres",
  'no dependency file that Render could install from was found':
    "aucun fichier de dépendances que Render pourrait installer n'a été trouvé",
  'the web service has no `plan`, and Render takes a paid one then':
    "le service web n'a pas de `plan`, et Render en prend alors un payant",
  '{0} needs a paid plan: Render has no free workers': "{0} demande un plan payant : Render n'a pas de worker gratuit",
  "the workers have a file system of their own: they never see the web service's SQLite file":
    'les workers ont leur propre système de fichiers : ils ne voient jamais le fichier SQLite du service web',
  'no health route was found: Render only checks that the port is open':
    "aucune route de santé n'a été trouvée : Render vérifie seulement que le port est ouvert",
  'nothing runs `{0}` on Render, which does not read a Procfile':
    "rien n'exécute `{0}` sur Render, qui ne lit pas de Procfile",
  'a disk needs a paid plan: set render-yaml.plan to starter':
    'un disque demande un plan payant : réglez render-yaml.plan sur starter',
  'scaling needs a Pro workspace and excludes a disk':
    'la mise à l’échelle demande un espace de travail Pro et exclut un disque',
  "no variable names the database's host ({0}:{1}): the program does not reach {2}":
    "aucune variable ne nomme l'hôte de la base de données ({0}:{1}) : le programme n'atteint pas {2}",
  '{0} is asked for, although {1} is declared: nothing connects the two':
    '{0} est demandée, bien que {1} soit déclaré : rien ne relie les deux',
  '{0} is left out: the driver needs {1}, and its parts are set':
    '{0} est omise : le pilote a besoin de {1}, et ses composants sont réglés',
  '{0}: copy the internal URL of {1} and change its scheme to {2}, which it needs':
    "{0} : copiez l'URL interne de {1} et remplacez son schéma par {2}, qu'il lui faut",
  'no variable names the SQLite file: put it into {0} for the disk to keep it':
    'aucune variable ne nomme le fichier SQLite : placez-le dans {0} pour que le disque le garde',
  'a service': 'un service',
  '{0}:{1}: `env:` of {2} is called `runtime:` now': "{0}:{1} : `env:` de {2} s'appelle maintenant `runtime:`",
  '{0}:{1}: Render knows no `releaseCommand`: it is `preDeployCommand`':
    "{0}:{1} : Render ne connaît pas `releaseCommand` : c'est `preDeployCommand`",
  '{0}:{1}: {2} is a boolean: it must be quoted': '{0}:{1} : {2} est un booléen : il faut des guillemets',
  'a value': 'une valeur',
  '{0}:{1}: PYTHON_VERSION {2} is read as a number: quote the full version':
    '{0}:{1} : PYTHON_VERSION {2} est lu comme un nombre : mettez la version complète entre guillemets',
  'the database': 'la base de données',
  '{0}:{1}: {2} has no ipAllowList and is open to every address':
    "{0}:{1} : {2} n'a pas d'ipAllowList et est ouvert à toute adresse",
  'has no ipAllowList, which a Key Value must have': "n'a pas d'ipAllowList, qu'un Key Value doit avoir",
  'is a {0}: there is no free one': "est un {0} : il n'y en a pas de gratuit",
  'has a {0}, which the free plan does not': "a un {0}, ce que le plan gratuit n'a pas",
  'the web service': 'le service web',
  '{0} has no startCommand': "{0} n'a pas de startCommand",
  '{0} and {1} more': '{0} et {1} autres',
  '{0} does not set {1}, without which the program does not start ({2}:{3}): declare each with `sync: false`, or set it in the Dashboard':
    '{0} ne définit pas {1}, sans quoi le programme ne démarre pas ({2}:{3}) : déclarez chacune avec `sync: false`, ou définissez-la dans le Dashboard',
  '{0} never runs `{1}`': "{0} n'exécute jamais `{1}`",
  'there is no {0}': "il n'y a pas de {0}",
  '{0} starts an image that does not answer': '{0} démarre une image qui ne répond pas',
  'the container does not answer': 'le conteneur ne répond pas',
  '{0} starts what does not answer': '{0} démarre ce qui ne répond pas',
  '{0} starts the service: {1}': '{0} démarre le service : {1}',
  'no unit runs `{0}`': "aucune unité n'exécute `{0}`",
  '{0}, whose start was not checked': "{0}, dont le démarrage n'a pas été vérifié",
  '{0}: set PORT to it in envVars': '{0} : donnez-le à PORT dans envVars',
  '{0}, in which {1}': '{0}, où {1}',
  'PYTHON_VERSION is left out: Render takes {0}': 'PYTHON_VERSION est omise : Render prend {0}',
  'no Python version is stated anywhere, so {0}': "aucune version de Python n'est indiquée nulle part, donc {0}",
  '{0}:{1} gives only a lower bound ({2}), so {3}': "{0}:{1} ne donne qu'un minimum ({2}), donc {3}",
  'Render has no Python {0}: PYTHON_VERSION is {1}, the nearest':
    "Render n'a pas Python {0} : PYTHON_VERSION est {1}, le plus proche",
  '{0} is no version that Render takes, so {1}': "{0} n'est pas une version acceptée par Render, donc {1}",
  'the code has no default for {0}: set {1} in the Dashboard':
    "le code n'a pas de valeur par défaut pour {0} : à régler dans le Dashboard ({1})",
  settings: 'réglages',
  'values that only you know': 'valeurs que vous seul connaissez',
  credentials: 'identifiants',
  '{0} variables that the program can do without are left out ({1})':
    '{0} variables dont le programme peut se passer sont omises ({1})',
  "{0} stays '{1}', the code's default: set what the project calls production":
    "{0} reste '{1}', la valeur par défaut du code : donnez ce que le projet appelle production",
  '{0} is {1} by default in the code: switched off in render.yaml':
    '{0} vaut {1} par défaut dans le code : désactivé dans render.yaml',
  '{0} names {1}, a path of an image: {2}': "{0} nomme {1}, un chemin d'une image : {2}",
  'check it': 'à vérifier',
  'it is left out of the command': 'il est omis de la commande',
  'its start command needs gunicorn, which is not installed, and the part gunicorn is left out':
    "sa commande de démarrage a besoin de gunicorn, qui n'est pas installé, et la partie gunicorn est laissée de côté",
  '{0}: gunicorn must be installed for this start command':
    '{0} : gunicorn doit être installé pour cette commande de démarrage',
  'the start command needs gunicorn, which is not installed yet: {0}':
    "la commande de démarrage a besoin de gunicorn, qui n'est pas encore installé : {0}",
  '{0} starts nothing': '{0} ne démarre rien',
  '{0} for {1}': '{0} pour {1}',
  '{0} starts the service': '{0} démarre le service',
  'its unit runs as root': "son unité s'exécute en root",
  'its unit does not restart what dies': "son unité ne relance pas ce qui s'arrête",
  'no unit starts its worker': 'aucune unité ne démarre son worker',
  '{0}:{1} writes beside the code, so {2} must be writable':
    '{0}:{1} écrit à côté du code, donc {2} doit être accessible en écriture',
  'the server may listen on every interface: close port {0} in the firewall, nginx is the way in':
    "le serveur peut écouter sur toutes les interfaces : fermez le port {0} dans le pare-feu, nginx est l'entrée",
  "option user: '{0}' is no name of an account": "option user : '{0}' n'est pas un nom de compte",
  "option folder: '{0}' is no absolute path of letters, digits and -_./":
    "option folder : '{0}' n'est pas un chemin absolu fait de lettres, de chiffres et de -_./",
  'option port: {0} is none from 1024 to 65000': "option port : {0} n'est pas entre 1024 et 65000",
  "option domain: '{0}' is no host name": "option domain : '{0}' n'est pas un nom d'hôte",
  '{0} does not admit Python {1}, so PYTHON_VERSION is left out':
    "{0} n'admet pas Python {1}, donc PYTHON_VERSION est omis",
  'Python {0} was never released: PYTHON_VERSION is {1}': "Python {0} n'a jamais été publié : PYTHON_VERSION vaut {1}",
};
