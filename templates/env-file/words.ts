import type { PartWords } from '../../src/model/part-words.ts';

export const words: PartWords = {
  en: {
    problem: 'No list of variables for the server',
    title: 'environment file',
    action: 'List every variable, without any secret value',
    why:
      'The units read the variables from a file that only root may read. The example says for each variable that the code ' +
      'reads what belongs there; what is secret or only you know stays empty.',
    point: "an example of the server's environment file",
    check: 'present, without secrets',
    gain: 'Nothing is forgotten on the server',
  },
  fr: {
    problem: 'Pas de liste de variables pour le serveur',
    title: "fichier d'environnement",
    action: 'Lister chaque variable, sans valeur secrète',
    why: 'Le serveur a besoin des mêmes variables que le code. Le fichier les nomme toutes ; les secrets restent à remplir.',
    point: "un exemple du fichier d'environnement",
    check: 'présent, sans secret',
    gain: "Rien n'est oublié sur le serveur",
  },
};
