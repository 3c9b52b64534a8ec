/** The table of src/system/errors.ts: `{0}` is its `%s`. */
export const errors: Readonly<Record<string, string>> = {
  '`nayek --help` lists commands and options': '`nayek --help` liste commandes et options',
  '{0} is not a folder': "{0} n'est pas un dossier",
  'give the folder of a repository': "donnez le dossier d'un dépôt",
  'give the folder of one repository; several at a time: nayek batch plan <folders>':
    "donnez le dossier d'un seul dépôt ; plusieurs à la fois : nayek batch plan <dossiers>",
  'give the folder that holds the sources': 'donnez le dossier qui contient les sources',
  'give the folder that holds the Python sources': 'donnez le dossier qui contient les sources Python',
  'give the folder of the service with -C': 'donnez le dossier du service avec -C',
  'render the template first and patch its output':
    "générez d'abord le projet depuis le modèle et appliquez nayek au résultat",
  '{0} cannot be read': '{0} ne peut pas être lu',
  'check that it exists and its permissions': 'vérifiez son existence et ses droits',
  '`nayek explain` lists parts and options': '`nayek explain` liste parties et options',
  'docs/settings.md lists what nayek.yaml may say': 'docs/settings.md liste ce que nayek.yaml peut dire',
  'docs/rules.md tells what a rule holds': 'docs/rules.md dit ce que contient une règle',
  'save it again with --dry-run --format json -o plan.json':
    'enregistrez-le à nouveau avec --dry-run --format json -o plan.json',
  'changed since the plan was made: {0}': 'modifié depuis que le plan a été fait : {0}',
  'plan again; nothing was written': "refaites le plan ; rien n'a été écrit",
  'uncommitted changes in files to be patched: {0}': 'changements non commités dans des fichiers à modifier : {0}',
  'commit or stash them, or pass --allow-dirty; nothing was written':
    "commitez-les ou mettez-les de côté, ou ajoutez --allow-dirty ; rien n'a été écrit",
  '{0} is not a regular file inside the repository': "{0} n'est pas un fichier ordinaire du dépôt",
  'nothing was written': "rien n'a été écrit",
  'the plan would write what nayek never writes: {0}': "le plan écrirait ce que nayek n'écrit jamais : {0}",
  'wait until it ends; nothing was written': "attendez la fin ; rien n'a été écrit",
  'cannot write {0}': "impossible d'écrire {0}",
  'check permissions and free space; nothing was changed':
    "vérifiez les droits et l'espace libre ; rien n'a été changé",
  'nothing to undo in {0}': 'rien à annuler dans {0}',
  'no patch of nayek is recorded there': "aucun patch de nayek n'y est enregistré",
  'changed since the patch: {0}': 'modifié depuis le patch : {0}',
  'pass --force to restore them anyway (a copy is kept); nothing was written':
    "ajoutez --force pour les restaurer quand même (une copie est gardée) ; rien n'a été écrit",
  'restore the file by hand, then remove that folder': 'restaurez le fichier à la main, puis supprimez ce dossier',
  'leave the part out with --skip; nothing was written': "omettez la partie avec --skip ; rien n'a été écrit",
  'internal error: {0}': 'erreur interne : {0}',
  'please report it; --skip the part to go on; nothing was written':
    "merci de le signaler ; --skip la partie pour continuer ; rien n'a été écrit",
  'docs/batch.md lists the keys of a manifest': "docs/batch.md liste les clés d'un manifeste",
  'check the address, the ref and your access': "vérifiez l'adresse, la référence et votre accès",
  'check `gh auth status` or `glab auth status`': 'vérifiez `gh auth status` ou `glab auth status`',
  'check the address, the password and that the server runs':
    "vérifiez l'adresse, le mot de passe et que le serveur tourne",
  '`nayek batch --help` lists commands and options': '`nayek batch --help` liste commandes et options',
  'the system says {0}': 'le système répond {0}',
  'check permissions, limits and free space': "vérifiez les droits, les limites et l'espace libre",
  'nothing was lost but the report': "rien n'est perdu sauf le rapport",
  'please report it with the output of --debug': 'merci de le signaler avec la sortie de --debug',
  'interrupted{0}': 'interrompu{0}',
  'nothing was changed': "rien n'a été changé",
};
