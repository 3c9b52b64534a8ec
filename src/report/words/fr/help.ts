/** `--help` of every command, with its examples. */
export const help: Readonly<Record<string, string>> = {
  'Makes a Python web repository deployable: shows the diff first, proves it, undoes it.':
    "Rend un dépôt web Python déployable : montre d'abord le diff, le prouve, l'annule.",
  'the manual page, on stdout, for `man -l -`': 'la page de manuel, sur stdout, pour `man -l -`',
  fine: 'tout va bien',
  'something is pending or falls short (--check, check, verify only)':
    "il reste à faire ou un point n'est pas rempli (--check, check, verify seulement)",
  'trouble: usage, unreadable input, a failed part, drift':
    'problème : usage, entrée illisible, une partie en échec, des fichiers changés depuis le plan',
  'done, but the report failed: a full disk, a closed pipe':
    'fait, mais le rapport a échoué : un disque plein, un tube fermé',
  'French where they say so.': "En français là où elles le demandent, avec l'encodage UTF-8.",
  'No colour; colour everywhere. The option --color wins.':
    "Pas de couleur ; de la couleur partout. L'option --color l'emporte.",
  'User Commands': 'Commandes utilisateur',
  NAME: 'NOM',
  'makes a Python web repository deployable': 'rend un dépôt web Python déployable',
  SYNOPSIS: 'SYNOPSIS',
  command: 'commande',
  options: 'options',
  folder: 'dossier',
  DESCRIPTION: 'DESCRIPTION',
  'Without a command it says what it finds and what to do next.':
    "Sans commande, il dit ce qu'il trouve et quoi faire ensuite.",
  'The product goes to stdout, messages to stderr.': 'Le produit va sur stdout, les messages sur stderr.',
  COMMANDS: 'COMMANDES',
  'Example:': 'Exemple :',
  'EXIT STATUS': 'CODE DE SORTIE',
  ENVIRONMENT: 'ENVIRONNEMENT',
  'output the version number': 'afficher le numéro de version',
  'say nothing beside the product and errors': 'ne rien dire en dehors du produit et des erreurs',
  'name every place, and what was read': 'nommer chaque endroit, et ce qui a été lu',
  'language of what is said (default: that of LANG)': 'langue des messages (par défaut : celle de LANG)',
  'default: auto': 'par défaut : auto',
  'display help for command': "afficher l'aide de la commande",
  'patch in place; prints what it did, by part': 'modifie sur place ; affiche ce qui a été fait, par partie',
  'recipe to follow (default: render); several with commas':
    'recette à suivre (par défaut : render) ; plusieurs, avec des virgules',
  'run these ast-grep rules; with --recipe, behind its parts (repeatable)':
    'appliquer ces règles ast-grep ; avec --recipe, après ses parties (répétable)',
  'run the parts of this module, which is code (repeatable)':
    'exécuter les parties de ce module, qui est du code (répétable)',
  'run these parts only': 'seulement ces parties',
  'leave these parts out': 'omettre ces parties',
  'set an option of a part, or without the part of all that have it (repeatable)':
    "fixer l'option d'une partie, ou sans nom de partie celle de toutes (répétable)",
  'apply what may change behaviour beyond its purpose':
    'appliquer aussi ce qui peut changer le comportement au-delà du but',
  'print the unified diff, write nothing': 'afficher le diff unifié, ne rien écrire',
  'ask for each change, with its hunks and its reason': 'demander pour chaque changement, avec ses blocs et sa raison',
  'write nothing; exit 1 if anything is pending': "ne rien écrire ; code 1 s'il reste à faire",
  'patch files with uncommitted changes, too': 'modifier aussi les fichiers aux changements non commités',
  'say where the time went: on stderr, or in the JSON': 'dire où le temps est passé : sur stderr, ou dans le JSON',
  'print this form; all but summary write nothing (default: summary)':
    "afficher cette forme ; toutes sauf summary n'écrivent rien (par défaut : summary)",
  'write this form there, too (repeatable)': 'écrire aussi cette forme dans ce fichier (répétable)',
  'write there instead of stdout (readable by you only)': 'écrire là au lieu de stdout (lisible par vous seul)',
  'work in this folder': 'travailler dans ce dossier',
  'show where an error came from': "montrer d'où vient une erreur",
  'the rules of a folder against their fixtures and tests; exit 1 if one fails':
    "les règles d'un dossier face à leurs cas et tests ; code 1 si l'un échoue",
  'write after/ of each fixture as it comes out': 'écrire after/ de chaque cas tel que produit',
  'start a codemod of your own': 'commencer votre propre codemod',
  'a rule file, a fixture that changes and one that must not':
    'un fichier de règle, un cas qui change et un qui ne doit pas',
  'what it changes': 'ce que la règle change',
  'a module that edits sources, with fixtures': 'un module qui modifie des sources, avec des cas',
  'a module that writes a file, with fixtures': 'un module qui écrit un fichier, avec des cas',
  'the checklist with evidence; exit 1 if something falls short':
    'la checklist avec ses preuves ; code 1 si un point manque',
  'the checklist on the patched result; with --live the result is installed, started and asked, in a copy':
    'la checklist sur le résultat ; avec --live il est installé, démarré et interrogé, dans une copie',
  "run the repository's own code in a copy: install, migrate, start, health check, stop":
    'exécuter le code du dépôt dans une copie : installer, migrer, démarrer, contrôler, arrêter',
  'do not ask before running it': "ne pas demander avant de l'exécuter",
  'the tree as it is: what holds without nayek': "l'arbre tel quel : ce qui est rempli sans nayek",
  'this service only': 'ce service seulement',
  'Python to make the environment with': "Python de l'environnement",
  'virtual environment to use and keep; made where it is missing':
    "environnement virtuel à utiliser et à garder ; créé s'il manque",
  'take that environment as it is': 'prendre cet environnement tel quel',
  'an empty database to migrate and use, instead of a throw-away PostgreSQL':
    'une base vide à migrer et utiliser, au lieu d’un PostgreSQL jetable',
  'values for variables that only you know': 'valeurs des variables que vous seul connaissez',
  'how long a start may take': "durée permise d'un démarrage",
  'keep all output there, secrets masked': 'y garder toute la sortie, secrets masqués',
  'keep the copy and its environment': 'garder la copie et son environnement',
  'execute a plan saved by `patch --dry-run --format json -o`, exactly; refuse when files have changed':
    'exécuter exactement un plan enregistré par `patch --dry-run --format json -o` ; refuser si des fichiers ont changé',
  'the repository, when it is not where it was': "le dépôt, s'il n'est plus au même endroit",
  'restore the bytes before the last patch; refuse if they changed since':
    "rétablir les octets d'avant le dernier patch ; refuser s'ils ont changé depuis",
  'restore all the same; a copy of what changed is kept':
    'rétablir quand même ; une copie de ce qui a changé est gardée',
  'the patches that can be undone and their health; exit 1 if one was cut short or is damaged':
    "les patchs annulables et leur état ; code 1 si l'un est interrompu ou endommagé",
  'check what nayek keeps; exit 1 if something falls short': 'contrôler ce que nayek garde ; code 1 si un point manque',
  'the journal of patches: owner, seal, saved copies': 'le journal des patchs : propriétaire, sceau, copies',
  'move out of the way what is not ours; nothing is deleted': "écarter ce qui n'est pas de nayek ; rien n'est supprimé",
  'what a part or a recipe does, why, and an example': 'ce que fait une partie ou une recette, pourquoi, et un exemple',
  'recipes: what there is, what one does, and your own': "recettes : ce qu'il y a, ce que fait l'une, et les vôtres",
  'those that come with nayek': 'celles qui viennent avec nayek',
  'what it runs, in order, with its options': "ce qu'elle exécute, dans l'ordre, avec ses options",
  'whether it is right; a mistake is told with its line': 'si elle est juste ; une faute est dite avec sa ligne',
  'a file to start from (recipe.yaml)': 'un fichier de départ (recipe.yaml)',
  'completion for bash, zsh or fish, on stdout': 'complétion pour bash, zsh ou fish, sur stdout',
  'many repositories: plan, review, publish; `nayek batch --help` lists its commands':
    'beaucoup de dépôts : plan, revue, publication ; `nayek batch --help` liste ses commandes',
  'Many repositories: plan, review, publish.': 'Beaucoup de dépôts : plan, revue, publication.',
  'plan every repository of a manifest (.yaml), or these folders; goes on where it was stopped':
    "faire le plan de chaque dépôt d'un manifeste (.yaml), ou de ces dossiers ; reprend là où il s'est arrêté",
  'folder of the batch': 'dossier du lot',
  'have the work done by workers: redis://…, postgres://…':
    'faire faire le travail par des workers : redis://…, postgres://…',
  'processes at a time (default: one per processor; 64 jobs on an engine)':
    'processus à la fois (par défaut : un par processeur ; 64 tâches sur un moteur)',
  'for each repository (default: 600)': 'pour chaque dépôt (par défaut : 600)',
  'heap of each process (default: 1024)': 'tas de chaque processus (par défaut : 1024)',
  'at most so many that have no plan yet': 'au plus ce nombre de dépôts encore sans plan',
  'the k-th of n equal parts': 'la k-ième de n parts égales',
  'so many first; the others only if all of these are fine': "d'abord ce nombre ; les autres seulement si tout va bien",
  'stop at the first that fails': "s'arrêter au premier échec",
  'use the commits of the lock file instead of asking again':
    'prendre les commits du fichier de verrouillage au lieu de redemander',
  'exit 1 if any repository would change': 'code 1 si un dépôt changerait',
  'recipe to follow (default: that of the manifest, else render)':
    'recette à suivre (par défaut : celle du manifeste, sinon render)',
  'run these ast-grep rules; with a recipe, behind its parts (repeatable)':
    'appliquer ces règles ast-grep ; avec une recette, après ses parties (répétable)',
  '`failed`: those that failed last time; else: run these parts only':
    '`failed` : ceux qui ont échoué la dernière fois ; sinon : seulement ces parties',
  'set an option of a part (repeatable)': "fixer l'option d'une partie (répétable)",
  'what is done, failed and left': 'ce qui est fait, échoué et restant',
  'write there (readable by you only)': 'écrire là (lisible par vous seul)',
  'a page to read all diffs, approve and exclude': 'une page pour lire tous les diffs, approuver et exclure',
  'take over what a reviewer has exported from the page': "reprendre ce qu'un relecteur a exporté de la page",
  'answer on this machine, and keep marks as they are made':
    'répondre sur cette machine, et garder les marques au fur et à mesure',
  'the approved patches, each on a branch, as draft pull requests; branches that a person touched stay':
    'les patchs approuvés, chacun sur une branche, en pull requests brouillons ; les branches touchées par une personne restent',
  'draft (the default), ready, push: branches only, local: on this machine only':
    'draft (par défaut), ready, push : branches seules, local : sur cette machine seulement',
  'opens pull requests (default: gh)': 'ouvre les pull requests (par défaut : gh)',
  'say what would be published, and where; change nothing': 'dire ce qui serait publié, et où ; ne rien changer',
  'also what nobody has approved; never what is excluded':
    "aussi ce que personne n'a approuvé ; jamais ce qui est exclu",
  'at most so many': 'au plus ce nombre',
  '`failed`: those that failed last time': '`failed` : ceux qui ont échoué la dernière fois',
  'of the commits (default: as git is configured)': 'des commits (par défaut : selon la configuration de git)',
  'for each call that goes to a remote (default: 300)': 'pour chaque appel à un dépôt distant (par défaut : 300)',
  'take over a state folder that was moved, or that somebody else has made: if you know who':
    "reprendre un dossier d'état déplacé, ou fait par un autre : si vous savez qui",
  'take jobs of plan and publish from an engine, until it is stopped':
    "prendre les tâches de plan et publish d'un moteur, jusqu'à l'arrêt",
  'its folder for clones and checkouts': 'son dossier pour les clones',
  'jobs at a time (default: one per processor)': 'tâches à la fois (par défaut : une par processeur)',
  'when the job of a silent worker goes to another (default: 30)':
    "quand la tâche d'un worker muet va à un autre (par défaut : 30)",
  'take back the branches of `publish --mode local`': 'annuler les branches de `publish --mode local`',
  'what is here, and what to do next': "ce qu'il y a ici, et que faire ensuite",
  'every change as a diff; nothing is written': "chaque changement en diff ; rien n'est écrit",
  'read it': 'le lire',
  'the diff is exact in a pipe': 'le diff est exact dans un tube',
  'two parts of it': 'deux parties seulement',
  'for CI: exit 1 if anything is pending': "pour la CI : code 1 s'il reste à faire",
  'for a server of your own': 'pour un serveur à vous',
  'save the plan for `nayek apply`': 'enregistrer le plan pour `nayek apply`',
  'rules against their fixtures': 'les règles face à leurs cas',
  'a recipe of your own': 'une recette à vous',
  'these rules, too (repeatable)': 'ces règles aussi (répétable)',
  'the parts of this module, too, which is run (repeatable)':
    'aussi les parties de ce module, qui est exécuté (répétable)',
  'a rule of your own, with its fixture': 'une règle à vous, avec son cas',
  'a rule with its fixtures': 'une règle avec ses cas',
  'a rule, a fixture that changes and one that must not': 'une règle, un cas qui change et un qui ne doit pas',
  'the checklist, each point with its evidence': 'la checklist, chaque point avec sa preuve',
  'the points of another recipe': "les points d'une autre recette",
  'the checklist on the patched result': 'la checklist sur le résultat',
  'install, migrate, start and ask it, in a copy': "l'installer, migrer, démarrer et interroger, dans une copie",
  'with values that only you know': 'avec des valeurs que vous seul connaissez',
  'exactly what was reviewed, or nothing': 'exactement ce qui a été relu, ou rien',
  'the bytes before the last patch': "les octets d'avant le dernier patch",
  'what can be taken back': 'ce qui peut être annulé',
  'whether undo can rely on its journal': 'si undo peut se fier à son journal',
  'all parts and recipes': 'toutes les parties et recettes',
  'why, with an example': 'pourquoi, avec un exemple',
  'what a recipe does': 'ce que fait une recette',
  'from the next shell on': 'à partir du prochain shell',
  'then: nayek batch review, nayek batch publish': 'puis : nayek batch review, nayek batch publish',
  'folders, or a manifest': 'des dossiers, ou un manifeste',
  'five first': "cinq d'abord",
  'one page with every diff': 'une page avec tous les diffs',
  'the approved ones, ten at a time': 'ceux qui sont approuvés, dix à la fois',
  'take jobs until it is stopped': "prendre des tâches jusqu'à l'arrêt",
  'Code for pydantic 1 takes the form of 2, where 2 is what an install may bring.':
    'Le code pour pydantic 1 prend la forme de 2, là où une installation peut apporter 2.',
};
