/** What the parts of transforms/ say. */
export const transforms: Readonly<Record<string, string>> = {
  '{0} starts a server of its own: nothing imports it': "{0} démarre son propre serveur : rien ne l'importe",
  '{0} does not parse': "{0} n'est pas du Python valide",
  'target_metadata is not the metadata of an imported class':
    "target_metadata n'est pas le metadata d'une classe importée",
  '{0} comes from an installed package': "{0} vient d'un paquet installé",
  '{0} is not defined in this repository': "{0} n'est pas défini dans ce dépôt",
  'env.py imports {0} from the module that defines it': 'env.py importe {0} du module qui le définit',
  '{0} is defined under a name that cannot be put in its place':
    '{0} est défini sous un nom qui ne peut pas le remplacer',
  'env.py imports {0} from {1}, which defines it; {2} only hands it on':
    'env.py importe {0} de {1}, qui le définit ; {2} ne fait que le transmettre',
  '{0} is the package that Base belongs to: importing it is the same object and runs the same code':
    "{0} est le paquet auquel Base appartient : l'importer donne le même objet et exécute le même code",
  '{0} is more than a re-export: it stays imported, and Base is the same object':
    "{0} est plus qu'une réexportation : il reste importé, et Base est le même objet",
  '{0} imports {1}, which may register tables: without it autogenerate would drop them':
    '{0} importe {1}, qui peut enregistrer des tables : sans lui, autogenerate les supprimerait',
  'the import takes other names from {0} as well': "l'import prend aussi d'autres noms de {0}",
  '{0} is part of an import cycle: the order of the imports must stay':
    "{0} fait partie d'un cycle d'imports : l'ordre des imports doit rester",
  '{0} would not be found by the new import': '{0} ne serait pas trouvé par le nouvel import',
  '{0} would no longer be imported: autogenerate would drop its tables':
    '{0} ne serait plus importé : autogenerate supprimerait ses tables',
  '{0} is not an INI file that Alembic can read (line {1}: {2})':
    "{0} n'est pas un fichier INI qu'Alembic peut lire (ligne {1} : {2})",
  '{0} has no script folder with an env.py: nothing runs it':
    "{0} n'a pas de dossier de scripts avec un env.py : rien ne l'exécute",
  'env.py replaces the URL template of the ini': "env.py remplace le modèle d'URL de l'ini",
  'the URL in the ini is a template that env.py fills in: it must stay':
    "l'URL de l'ini est un modèle que env.py remplit : elle doit rester",
  'the ini holds a placeholder, and env.py takes the URL elsewhere':
    "l'ini contient une valeur fictive, et env.py prend l'URL ailleurs",
  '{0} holds no URL and env.py takes it from there alone: only a program that sets it can migrate':
    "{0} ne contient pas d'URL et env.py ne la prend que là : seul un programme qui la règle peut migrer",
  '{0} holds no URL': "{0} ne contient pas d'URL",
  '{0} cannot be read': '{0} ne peut pas être lu',
  '{0}:{1} is no entry that configparser accepts ({2})': "{0}:{1} n'est pas une entrée que configparser accepte ({2})",
  'env.py sets a URL of its own over that of [DEFAULT]': 'env.py impose sa propre URL à celle de [DEFAULT]',
  'the URL stands in [DEFAULT], from which every section has it: env.py must set it':
    "l'URL se trouve dans [DEFAULT], d'où chaque section la reçoit : env.py doit la régler",
  'the URL stands in section [{0}]: a set-up with several databases is left as it is':
    "l'URL se trouve dans la section [{0}] : une configuration à plusieurs bases reste telle quelle",
  '{0} holds several URLs': '{0} contient plusieurs URL',
  '{0}:{1} reads or rewrites the URL of the ini': "{0}:{1} lit ou réécrit l'URL de l'ini",
  'commenting the line out would change another key': 'mettre la ligne en commentaire changerait une autre clé',
  'the URL in the ini is a local file without a login, and only the fallback':
    "l'URL de l'ini est un fichier local sans identifiants, et ne sert que de repli",
  'the URL in the ini is never used: env.py takes it elsewhere, offline and online':
    "l'URL de l'ini n'est jamais utilisée : env.py la prend ailleurs, hors ligne et en ligne",
  'the URL in the ini was the fallback: env.py takes it elsewhere, offline and online':
    "l'URL de l'ini servait de repli : env.py la prend ailleurs, hors ligne et en ligne",
  'without {0}, alembic now stops instead of using the URL of the ini':
    "sans {0}, alembic s'arrête désormais au lieu d'utiliser l'URL de l'ini",
  'its own URL': 'sa propre URL',
  'env.py sets a fixed URL of its own: let it read DATABASE_URL there':
    'env.py impose une URL fixe : il faut y lire DATABASE_URL',
  'where env.py takes its URL could not be followed': "la source de l'URL d'env.py n'a pas pu être suivie",
  'env.py uses the URL of the ini in one way only': "env.py n'utilise l'URL de l'ini que d'une seule façon",
  'the offline mode of env.py took its URL from the ini; it now reads {0}':
    "le mode hors ligne d'env.py prenait son URL dans l'ini ; il lit maintenant {0}",
  'env.py took its URL from the ini alone; it now reads {0}':
    "env.py ne prenait son URL que dans l'ini ; il lit maintenant {0}",
  'env.py has no plain `config = context.config`': "env.py n'a pas de simple `config = context.config`",
  'env.py uses every name that the new lines could take':
    'env.py utilise déjà tous les noms que les nouvelles lignes pourraient prendre',
  'env.py has several statements on one line there': 'env.py y a plusieurs instructions sur une ligne',
  'env.py reads the URL before its imports are done': "env.py lit l'URL avant la fin de ses imports",
  'env.py does not run {0}': "env.py n'exécute pas {0}",
  'env.py imports nothing of this repository at its top level': "env.py n'importe rien de ce dépôt au niveau du module",
  '{0} is not importable from env.py': "{0} n'est pas importable depuis env.py",
  'env.py uses the names {0} and {1} already': 'env.py utilise déjà les noms {0} et {1}',
  'the application has its own URL written out, and the migrations follow {0}: two databases would be used':
    "l'application a sa propre URL en dur, et les migrations suivent {0} : deux bases seraient utilisées",
  'no migration stands in the script folder yet: set env.py up first':
    "aucune migration n'est encore dans le dossier des scripts : préparez d'abord env.py",
  'the driver that the URL in the ini names, and the engine that env.py makes, do not fit':
    "le pilote que nomme l'URL de l'ini et le moteur que crée env.py ne vont pas ensemble",
  'the application has its URL in {0}{1}, and {2}': "l'application a son URL dans {0}{1}, et {2}",
  'which variable the application has its database URL in could not be found':
    "la variable où l'application prend l'URL de sa base n'a pas été trouvée",
  'the URL in the ini is relative to its folder: env.py cannot take it over as the default':
    "l'URL de l'ini est relative à son dossier : env.py ne peut pas la reprendre par défaut",
  'alembic {0}now needs {1} in its environment': 'alembic {0}a maintenant besoin de {1} dans son environnement',
  'no call starts a server; the start command does':
    "aucun appel ne démarre de serveur ; la commande de démarrage s'en charge",
  '{0} stays as it is: {1}': '{0} reste tel quel : {1}',
  ' (line {0})': ' (ligne {0})',
  '{0} does not parse{1}': "{0} n'est pas du Python valide{1}",
  '{0}:{1} reads the port out of {2}; a change here would break it':
    '{0}:{1} lit le port dans {2} ; un changement ici le casserait',
  '{0} does not take host and port as plain arguments': '{0} ne prend pas host et port comme simples arguments',
  '{0} listens on a socket given by {1}': '{0} écoute sur un socket donné par {1}',
  '{0} listens on all addresses and on PORT': '{0} écoute sur toutes les adresses et sur PORT',
  '{0} takes more arguments from a dictionary or list; host or port may be in it':
    "{0} prend d'autres arguments d'un dictionnaire ou d'une liste ; host ou port peuvent s'y trouver",
  '{0}=True now follows APP_ENV: set APP_ENV=development on your own machine':
    '{0}=True suit maintenant APP_ENV : réglez APP_ENV=development sur votre machine',
  '{0} turns the debugger on: whoever reaches the port could run code, so turn it off to deploy':
    'avec {0} le débogueur est actif : quiconque atteint le port pourrait exécuter du code ; à désactiver pour déployer',
  '{0} takes {1} from the environment ({2})': "{0} prend {1} dans l'environnement ({2})",
  'host and port are given by whoever starts it: use --host 0.0.0.0 --port $PORT or the start command of the Procfile':
    'host et port sont donnés par qui le démarre : utilisez --host 0.0.0.0 --port $PORT ou la commande de démarrage du Procfile',
  'the platform’s $PORT': 'la valeur $PORT de la plateforme',
  'the setting': 'le réglage',
  'the {0} comes from {1}: set {2} to {3} where you deploy, or read {4} there':
    'la valeur de {0} vient de {1} : là où vous déployez, donnez à {2} {3}, ou lisez-y {4}',
  'a settings object': 'un objet de configuration',
  'where the {0} (line {1}) comes from cannot be told from the source':
    'la source ne permet pas de dire d’où vient {0} (ligne {1})',
  'Python 3.6 has no gunicorn without CVE-2024-1135 and CVE-2024-6827: 21.2.0 is the last one for it':
    "Python 3.6 n'a pas de gunicorn sans CVE-2024-1135 ni CVE-2024-6827 : 21.2.0 est le dernier pour lui",
  '{0}: {1} should list what the service imports (check the names and versions)':
    '{0} : {1} devrait lister ce que le service importe (vérifiez les noms et les versions)',
  'uvicorn was not listed either: uvicorn-worker brings it':
    "uvicorn n'était pas listé non plus : uvicorn-worker l'apporte",
  'neither gunicorn nor uvicorn is listed: {0}': "ni gunicorn ni uvicorn n'est listé : {0}",
  '{0} does not list {1}: it may not be what the service is installed from':
    "{0} ne liste pas {1} : ce n'est peut-être pas ce qui sert à installer le service",
  'a server': 'un serveur',
  'puts {0} into {1}{2}': 'ajout de {0} à {1}{2}',
  '{0} and {1}': '{0} et {1}',
  '; without a WebSocket library uvicorn answers the connections of {0} with 404':
    ' ; sans bibliothèque WebSocket, uvicorn répond 404 aux connexions de {0}',
  'gunicorn stands only in the group "{0}", which a deployment leaves out':
    "gunicorn n'est que dans le groupe « {0} », qu'un déploiement n'installe pas",
  'gunicorn 26 and newer has no eventlet worker': "gunicorn 26 et suivants n'ont pas de worker eventlet",
  'gunicorn {0} is open to request smuggling (CVE-2024-1135, CVE-2024-6827): raise it to 23.0.0 or newer':
    'gunicorn {0} est vulnérable au request smuggling (CVE-2024-1135, CVE-2024-6827) : passez à 23.0.0 ou plus récent',
  'uvicorn, which runs the ASGI application under gunicorn, is not listed':
    "uvicorn, qui exécute l'application ASGI sous gunicorn, n'est pas listé",
  'gunicorn{0} is already a dependency{1}': 'gunicorn{0} est déjà une dépendance{1}',
  '{0} is not a requirement that pip understands': "{0} n'est pas une dépendance que pip comprend",
  'gunicorn has no extra "{0}": pip warns and installs gunicorn alone':
    "gunicorn n'a pas d'extra « {0} » : pip avertit et installe gunicorn seul",
  '{0} is open to request smuggling (CVE-2024-1135, CVE-2024-6827), closed in 23.0.0':
    '{0} est vulnérable au request smuggling (CVE-2024-1135, CVE-2024-6827), corrigé en 23.0.0',
  'an edit of {0} would leave {1} stale': 'modifier {0} rendrait {1} périmé',
  '{0} carries hashes: pip refuses a line without': '{0} porte des empreintes : pip refuse une ligne qui n’en a pas',
  'the file that it is made from': 'le fichier dont il est tiré',
  '{0} is compiled: add {1} to {2} and compile it again': '{0} est compilé : ajoutez {1} à {2} et recompilez-le',
  'the line': 'la ligne',
  'the lines': 'les lignes',
  '{0} is a program, which nayek does not edit': '{0} est un programme, que nayek ne modifie pas',
  '{0}:{1} has {2}{3}: write {4}{5} there, or raise what needs it':
    '{0}:{1} a {2}{3} : écrivez-y {4}{5}, ou montez la version de ce qui le demande',
  'no clear place in {0}': 'pas de place évidente dans {0}',
  'everything is read through {0}': 'tout est lu par {0}',
  '{0} is read here: {1}': '{0} est lu ici : {1}',
  '{0} through {1}': '{0} par {1}',
  '{0} also reads a file of variables, which os.getenv does not':
    '{0} lit aussi un fichier de variables, ce que os.getenv ne fait pas',
  '{0} also reads {1}, which os.getenv does not': '{0} lit aussi {1}, ce que os.getenv ne fait pas',
  'the settings import this module, which cannot import them':
    'les settings importent ce module, qui ne peut donc pas les importer',
  'it is an argument of the call that starts the server': "c'est un argument de l'appel qui démarre le serveur",
  'it fails only where it is reached, and a required field would stop every program':
    "il n'échoue que là où on l'atteint ; un champ obligatoire arrêterait tout programme",
  'the environment is written while the program runs ({0}:{1})':
    "l'environnement est modifié pendant que le programme tourne ({0}:{1})",
  'it is set while the program runs, or for a test ({0}:{1})':
    'elle est définie pendant que le programme tourne, ou pour un test ({0}:{1})',
  '{0} does not mean the settings here': '{0} ne désigne pas les settings ici',
  '{0} changes sys.path before it imports': '{0} change sys.path avant ses imports',
  '{0} is not found from here': "{0} n'est pas trouvé d'ici",
  'its default is no plain text': "sa valeur par défaut n'est pas un simple texte",
  'it has another default elsewhere': 'elle a une autre valeur par défaut ailleurs',
  '{0} is no name for a field': "{0} n'est pas un nom de champ",
  'the settings class has another {0}': 'la classe settings a un autre {0}',
  '{0}.{1} has another type or default': '{0}.{1} a un autre type ou une autre valeur par défaut',
  '{0}.{1} is set elsewhere': '{0}.{1} est modifié ailleurs',
  'there is no pydantic settings class': "il n'y a pas de classe settings de pydantic",
  'there are several settings classes: which one is meant is up to you':
    'il y a plusieurs classes settings : à vous de dire laquelle',
  'the settings class has bases of its own': 'la classe settings a ses propres classes de base',
  'the settings are no object of the module {0}': 'les settings ne sont pas un objet du module {0}',
  'the settings are configured in a way that is not followed':
    "la configuration des settings a une forme que l'on ne suit pas",
  'the settings have {0}, which may change what a variable gives':
    'les settings ont {0}, qui peut changer ce que donne une variable',
  'the settings class has validators or sources of its own': 'la classe settings a ses propres validateurs ou sources',
  'no other module imports {0} from {1}': "aucun autre module n'importe {0} de {1}",
  'the settings class has no field yet': "la classe settings n'a pas encore de champ",
  '{0}: what it should list stands under gunicorn': "{0} : ce qu'il faudrait y écrire est dit sous gunicorn",
  'what {0} installs cannot be told in full': 'ce que {0} installe ne peut pas être dit en entier',
  '{0} starts the service: gunicorn is not needed': "{0} démarre le service : gunicorn n'est pas nécessaire",
  '; until then {0} starts the service': ' ; d’ici là, {0} démarre le service',
  '{0} lists all that the code needs': '{0} contient tout ce que le code demande',
  'puts {0} into {1}: {2}': 'ajout de {0} à {1} : {2}',
  '{0} (proved on {1})': '{0} (prouvé le {1})',
  '{0} more': '{0} de plus',
  'whether {0} brings {1} cannot be told: list what it lacks':
    'on ne peut pas dire si {0} apporte {1} : ajoutez ce qui manque',
  'which distribution gives {0} is not known: list it in {1}':
    "la distribution qui donne {0} n'est pas connue : ajoutez-la à {1}",
  '{0} is used in a way that is not followed': "{0} est utilisé d'une façon qui n'est pas suivie",
  'nothing uses on_event': "rien n'utilise on_event",
  '{0}:{1}: {2}': '{0}:{1} : {2}',
  '{0} in a lifespan': '{0} dans un lifespan',
  'fastapi{0} has no lifespan: it came with {1}': "fastapi{0} n'a pas de lifespan : il est venu avec {1}",
  'what the application is given cannot be told': "ce que reçoit l'application ne peut être établi",
  '{0} ({1}:{2}) is given the application and may register functions':
    "{0} ({1}:{2}) reçoit l'application et peut y enregistrer des fonctions",
  'nothing uses before_first_request': "rien n'utilise before_first_request",
  '{0} once, before the first request': '{0} une fois, avant la première requête',
  '{0} is async': '{0} est async',
  '{0}, made in {1}': '{0}, créé dans {1}',
  'nothing reads the environment': "rien ne lit l'environnement",
  'the code is for pydantic 2': 'le code est pour pydantic 2',
  'nothing is of pydantic 1 alone': "rien n'est de pydantic 1 seulement",
  'requirements keeps pydantic below 2: take `--only pydantic-2`':
    'requirements garde pydantic sous 2 : prenez `--only pydantic-2`',
  '{0} keeps pydantic below 2: raise it first': "{0} garde pydantic sous 2 : relevez-le d'abord",
  'pydantic 2 is stricter: it takes no number for a text':
    'pydantic 2 est plus strict : il ne prend pas un nombre pour un texte',
  '{0} takes more than an edit': "{0} demande plus qu'une modification",
  '{0}: {1}': '{0} : {1}',
  'pydantic-settings must be added to what is installed': 'pydantic-settings doit être ajouté à ce qui est installé',
  '{0}.{1} has no annotation, which pydantic 2 demands': "{0}.{1} n'a pas d'annotation, que pydantic 2 exige",
  'a validator is reused': 'un validateur est réutilisé',
  'Field(env=) has several names': 'Field(env=) a plusieurs noms',
  'validator is used in another way': "validator est utilisé d'une autre façon",
  'Config has bases of its own': 'Config a ses propres bases',
  'a comment stands in Config': 'un commentaire se trouve dans Config',
  'Config.{0} has no form in pydantic 2 that is known': "Config.{0} n'a pas de forme connue dans pydantic 2",
  'the validator {0} has other decorators': "le validateur {0} a d'autres décorateurs",
  'the validator {0} takes more than a value': "le validateur {0} prend plus qu'une valeur",
  'the validator {0} raises TypeError, which pydantic 2 lets through':
    'le validateur {0} lève TypeError, que pydantic 2 laisse passer',
  'the validator {0} has {1}, which pydantic 2 has not': "le validateur {0} a {1}, que pydantic 2 n'a pas",
  'an argument': 'un argument',
  'pydantic is imported in another way': "pydantic est importé d'une autre façon",
  'a comment stands in the import of pydantic': "un commentaire se trouve dans l'import de pydantic",
  '{0} starts {1}, and where it listens is not a word of its own':
    "{0} démarre {1}, et l'adresse où il écoute n'est pas un mot à part",
};
