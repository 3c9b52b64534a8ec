/** What the writer, its journal and the table of errors say. */
export const writer: Readonly<Record<string, string>> = {
  '{0} is no folder': "{0} n'est pas un dossier",
  'is a link now': 'est maintenant un lien',
  'is gone': 'a disparu',
  'was changed since': 'a changé depuis',
  'its saved copy is damaged': 'sa copie est endommagée',
  'is no folder': "n'est pas un dossier",
  'holds no record': "ne contient pas d'enregistrement",
  'has a record that is no regular file': "a un enregistrement qui n'est pas un fichier ordinaire",
  'has a damaged record': 'a un enregistrement endommagé',
  'was written by a former nayek, which did not seal its journal':
    'a été écrit par un ancien nayek, qui ne scellait pas son journal',
  'is of a version that this nayek does not know': "est d'une version que ce nayek ne connaît pas",
  'has no seal': "n'a pas de sceau",
  'was sealed with a key that this home does not have': "a été scellé avec une clé que ce dossier personnel n'a pas",
  'in CI, keep $XDG_STATE_HOME/nayek/journal.key with the work tree; or begin anew: `nayek doctor --journal --set-aside` moves it out of the way and deletes nothing':
    "en CI, conservez $XDG_STATE_HOME/nayek/journal.key avec la copie de travail ; ou repartez de zéro : `nayek doctor --journal --set-aside` l'écarte sans rien supprimer",
  'was not written by your nayek on this machine': "n'a pas été écrit par votre nayek sur cette machine",
  'has a record that was damaged or changed': 'a un enregistrement endommagé ou modifié',
  'has a record that leads out of the repository': 'a un enregistrement qui mène hors du dépôt',
  ', and {0} more like it': ', et {0} autres de même',
  'the journal {0} {1}{2}': 'le journal {0} {1}{2}',
  '`nayek status` says more, `nayek doctor --journal --set-aside` moves it out of the way and deletes nothing':
    "`nayek status` en dit plus, `nayek doctor --journal --set-aside` l'écarte et ne supprime rien",
  '{0} cannot be read ({1})': '{0} ne peut pas être lu ({1})',
  'check its owner and permissions; nothing was written':
    "vérifiez son propriétaire et ses droits ; rien n'a été écrit",
  'another process': 'un autre processus',
  'something that is no lock of nayek': "quelque chose qui n'est pas un verrou de nayek",
  'somebody whose lock cannot be read ({0})': "quelqu'un dont le verrou ne peut pas être lu ({0})",
  'process {0} on {1}': 'le processus {0} sur {1}',
  'process {0}': 'le processus {0}',
  '{0} is patching this repository': '{0} est en train de modifier ce dépôt',
  'wait until it ends, or remove {0} if it is gone; nothing was written':
    "attendez la fin, ou supprimez {0} s'il n'existe plus ; rien n'a été écrit",
  'a patch of {0} was cut short': 'un patch du {0} a été interrompu',
  '`nayek undo` there rolls it back, and so does the next `nayek patch`; nothing was written':
    "`nayek undo` à cet endroit l'annule, et le prochain `nayek patch` aussi ; rien n'a été écrit",
  'is a lock file, which its tool makes': 'est un fichier de verrouillage, que son outil écrit',
  'holds the values of a machine': "contient les valeurs d'une machine",
  'the plan changes {0} and {1}, which are one file': 'le plan change {0} et {1}, qui sont un même fichier',
  'the plan has {0} as a file and as a folder': 'le plan a {0} comme fichier et comme dossier',
  '{0} differs from {1} by case only': '{0} ne diffère de {1} que par la casse',
  'the plan does not say what it was decided on': 'le plan ne dit pas sur quoi il a été décidé',
  'the plan changes {0} without having read it': "le plan change {0} sans l'avoir lu",
  'the plan does not hold the bytes of {0} as they were':
    "le plan ne contient pas les octets de {0} tels qu'ils étaient",
  '{0}: Python does not compile the result: {1}': '{0} : Python ne compile pas le résultat : {1}',
  'remove that link; nothing was written': "supprimez ce lien ; rien n'a été écrit",
  'the user {0}': "l'utilisateur {0}",
  '`sudo nayek undo`': '`sudo nayek undo`',
  '`nayek undo` as that user': '`nayek undo` sous cet utilisateur',
  '{0} belongs to {1}, and so does the patch recorded there':
    '{0} appartient à {1}, comme le patch qui y est enregistré',
  '{0} takes it back, `nayek doctor --journal --set-aside` moves it out of the way; nothing was written':
    "{0} l'annule, `nayek doctor --journal --set-aside` l'écarte ; rien n'a été écrit",
  'user {0}': 'utilisateur {0}',
  'the last patch near it is that of {0}: `nayek undo` there':
    'le dernier patch proche est celui de {0} : `nayek undo` à cet endroit',
  'cannot be restored: {0}': 'ne peut pas être restauré : {0}',
  'the journal is kept; nothing was written': "le journal est gardé ; rien n'a été écrit",
  '`nayek undo --force` restores the other files and says what is left; nothing was written':
    "`nayek undo --force` restaure les autres fichiers et dit ce qui reste ; rien n'a été écrit",
  'a patch was cut short when this repository lay in {0}':
    'un patch a été interrompu quand ce dépôt se trouvait dans {0}',
  '`nayek undo` takes it back here; nothing was written': "`nayek undo` l'annule ici ; rien n'a été écrit",
  'an earlier patch was cut short: `nayek undo` restores its other files and keeps a copy of the bytes before':
    'un patch antérieur a été interrompu : `nayek undo` restaure ses autres fichiers et garde une copie des octets d’avant',
  'the files before are kept: once it can be written, `nayek undo` goes on':
    "les fichiers d'avant sont gardés : dès que l'écriture est possible, `nayek undo` continue",
  'the saved copy of {0} in {1} is damaged': 'la copie de {0} dans {1} est endommagée',
  '`nayek undo` restores the other files and says what is left':
    '`nayek undo` restaure les autres fichiers et dit ce qui reste',
  'and {0} more': 'et {0} de plus',
};
