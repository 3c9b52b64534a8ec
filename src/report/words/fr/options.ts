/** Summaries and options of the parts, as `nayek explain` lists them. */
export const options: Readonly<Record<string, string>> = {
  'The server listens on HOST (default 0.0.0.0) and on PORT (default: the literal that stood there).':
    'Le serveur écoute sur HOST (par défaut 0.0.0.0) et sur PORT (par défaut : le nombre qui était là).',
  'Functions for start and stop of FastAPI move from on_event, which Starlette 1 does not have, to a lifespan.':
    "Les fonctions de démarrage et d'arrêt de FastAPI passent de on_event, que Starlette 1 n'a plus, à un lifespan.",
  "Functions of Flask's before_first_request, which 2.3 does not have, run once from before_request.":
    "Les fonctions de before_first_request de Flask, que 2.3 n'a plus, s'exécutent une fois depuis before_request.",
  'comment line above the new lines': 'ligne de commentaire au-dessus des nouvelles lignes',
  'env.py imports Base from the module that defines it.': 'env.py importe Base du module qui la définit.',
  'comment put behind the changed import': "commentaire derrière l'import changé",
  'alembic.ini holds no database URL: env.py takes it from the environment or the settings.':
    "alembic.ini ne contient pas d'URL de base : env.py la prend de l'environnement ou des réglages.",
  'comment line above the commented URL': "ligne de commentaire au-dessus de l'URL commentée",
  'Adds gunicorn (and the ASGI worker that it needs) to the dependency file, in that file’s own style.':
    'Ajoute gunicorn (et le worker ASGI dont il a besoin) au fichier de dépendances, dans son propre style.',
  'requirement to add as it stands, such as gunicorn==23.0.0; empty: chosen for the project':
    'dépendance à ajouter telle quelle, comme gunicorn==23.0.0 ; vide : choisie pour le projet',
  'comment behind the requirement given': 'commentaire derrière la dépendance donnée',
  'Adds what is imported at start, and what libraries need besides, to the dependency file, in its own style.':
    'Ajoute au fichier de dépendances ce qui est importé au démarrage et ce que demandent les bibliothèques, dans son style.',
  'Direct reads of the environment go through the pydantic settings object; those that must not stay.':
    "Les lectures directes de l'environnement passent par l'objet de réglages pydantic ; celles qui ne le doivent pas restent.",
  'Writes a Procfile with the web process, the migrations and the workers.':
    'Écrit un Procfile avec le processus web, les migrations et les workers.',
  "where migrations run: 'release' (release: line), 'start' (before the server), 'tolerate' (before it, failures ignored: unsafe), 'never'":
    "où tournent les migrations : 'release' (ligne release:), 'start' (avant le serveur), 'tolerate' (avant, échecs ignorés : risqué), 'never' (jamais)",
  "what 'tolerate' prints when the migration fails": "ce qu'affiche 'tolerate' quand la migration échoue",
  'number of gunicorn workers; 0 leaves it to WEB_CONCURRENCY':
    'nombre de workers gunicorn ; 0 laisse décider WEB_CONCURRENCY',
  'worker class of an ASGI application; auto goes by its uvicorn':
    "classe de worker d'une application ASGI ; auto suit son uvicorn",
  'gunicorn --timeout in seconds; 0 leaves its default': 'gunicorn --timeout en secondes ; 0 laisse sa valeur',
  'write access and error log to the standard streams': "journaux d'accès et d'erreurs sur les flux standard",
  'Writes render.yaml: services, environment, database, health check and plan, from what the code needs.':
    "Écrit render.yaml : services, environnement, base, contrôle de santé et offre, d'après les besoins du code.",
  "plan of web services; 'omit' leaves it to Render, which takes a paid one":
    "offre des services web ; 'omit' la laisse à Render, qui en prend une payante",
  'plan of the database': 'offre de la base de données',
  "'attach' takes it from the database, 'supply' asks for it": "'attach' la prend de la base, 'supply' la demande",
  "name the database's user rather than leave it to Render":
    "nommer l'utilisateur de la base au lieu de le laisser à Render",
  "'closed' (private network only) or 'omit' (open to every address)":
    "'closed' (réseau privé seulement) ou 'omit' (ouvert à toute adresse)",
  "where migrations run: 'start', 'pre-deploy' (paid plans), 'never'; auto goes by the plan":
    "où tournent les migrations : 'start', 'pre-deploy' (offres payantes), 'never' (jamais) ; auto suit l'offre",
  "'commit', 'checksPass', 'off', or 'true' for the deprecated autoDeploy":
    "'commit', 'checksPass', 'off', ou 'true' pour l'ancien autoDeploy",
  'oregon, ohio, virginia, frankfurt or singapore; empty leaves it to Render':
    'oregon, ohio, virginia, frankfurt ou singapore ; vide laisse décider Render',
  'size in gigabytes of a disk for files that must stay (paid plans)':
    "taille en gigaoctets d'un disque pour les fichiers qui doivent rester (offres payantes)",
  'scale up to so many instances (Pro workspaces); 0 for no scaling':
    "monter jusqu'à ce nombre d'instances (espaces Pro) ; 0 pour aucune montée",
  'pass gunicorn its log files (Render does so by itself)':
    'donner à gunicorn ses fichiers de journal (Render le fait de lui-même)',
  "'quoted', or 'plain' where YAML allows it": "'quoted', ou 'plain' là où YAML le permet",
  'write comments that explain': 'écrire des commentaires qui expliquent',
  'comment behind what a person must supply': "commentaire derrière ce qu'une personne doit fournir",
  'comment behind CORS origins and frontend URLs': 'commentaire derrière les origines CORS et les URL du frontend',
  "comment behind the database's plan": "commentaire derrière l'offre de la base",
  'Writes systemd units: the web server, each worker, and the migrations, without rights that they do not need.':
    'Écrit des unités systemd : le serveur web, chaque worker et les migrations, sans droits inutiles.',
  "Unix account of the service; empty takes the service's name":
    'compte Unix du service ; vide prend le nom du service',
  'folder on the server that holds the repository; empty takes /srv/<name>':
    'dossier du serveur qui contient le dépôt ; vide prend /srv/<nom>',
  'port on the loopback interface, for several services the first one; 0 takes 8000':
    "port sur l'interface locale, le premier s'il y a plusieurs services ; 0 prend 8000",
  'Writes an nginx site that passes requests and websockets on to the server.':
    'Écrit un site nginx qui transmet requêtes et websockets au serveur.',
  'host name of the site; empty takes example.org, to be replaced':
    "nom d'hôte du site ; vide prend example.org, à remplacer",
  'largest request body (client_max_body_size)': "taille maximale d'une requête (client_max_body_size)",
  'Writes an example of the environment file of a server: every variable that the code reads, and no secret.':
    "Écrit un exemple du fichier d'environnement d'un serveur : chaque variable que lit le code, et aucun secret.",
  'Writes deploy/README.md: the exact commands that bring the program to a server and a new version after it.':
    'Écrit deploy/README.md : les commandes exactes qui amènent le programme sur un serveur, puis une nouvelle version.',
  'address that git clones from; empty writes $REPOSITORY': 'adresse dont git clone ; vide écrit $REPOSITORY',
};
