/** What `patch -i` says. */
export const asking: Readonly<Record<string, string>> = {
  'left out, as it needs what you said no to: {0}': 'écarté, car dépend de ce que vous avez refusé : {0}',
  'Take this change?': 'Prendre ce changement ?',
  '{0} is no longer planned: {1}': "{0} n'est plus prévu : {1}",
  '{0} is planned anew': '{0} est prévu autrement',
  'This has changed since you took it:': "Ceci a changé depuis que vous l'avez pris :",
  'These make sense together only (s splits them):': "Ceux-ci n'ont de sens qu'ensemble (s les sépare) :",
  'looking at what belongs together; nothing has been written': "recherche de ce qui va ensemble ; rien n'a été écrit",
  'the editor has failed': "l'éditeur a échoué",
  'nothing was edited': "rien n'a été modifié",
  'not taken: {0}': 'pas pris : {0}',
  'edited by hand': 'modifié à la main',
  'edited by hand: {0}': 'modifié à la main : {0}',
  'take this change': 'prendre ce changement',
  'leave it out, and plan again': "l'écarter, et refaire le plan",
  'take it and all that follow': 'le prendre, avec tous les suivants',
  'leave it and all that follow out': "l'écarter, avec tous les suivants",
  'ask for each of these changes by itself': 'demander pour chacun de ces changements',
  'edit it: what you write is proved as any change is': 'le modifier : ce que vous écrivez est prouvé comme le reste',
  'end here: what was taken is written': 'terminer ici : ce qui est pris est écrit',
  'these answers': 'ces réponses',
  'write nothing': 'ne rien écrire',
  'Lines with + are put in: change them, add some, remove some.':
    'Les lignes en + sont insérées : modifiez-les, ajoutez-en, supprimez-en.',
  'Lines with - are taken out: to keep one, put a space in the place of the -.':
    'Les lignes en - sont supprimées : pour en garder une, mettez une espace à la place du -.',
  'The others only say where; counts are worked out anew. Lines with # do not count.':
    "Les autres disent seulement l'endroit ; les nombres sont recalculés. Les lignes en # ne comptent pas.",
  'Where nothing is left, nothing is edited.': "S'il ne reste rien, rien n'est modifié.",
  'the file of a hunk is not told': "le fichier d'un bloc n'est pas indiqué",
  'a hunk has no head': "un bloc n'a pas d'en-tête",
  'it does not apply: {0}': "il ne s'applique pas : {0}",
  'a line begins neither with a space nor with + or -: {0}':
    'une ligne ne commence ni par une espace ni par + ou - : {0}',
};
