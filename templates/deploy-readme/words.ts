import type { PartWords } from '../../src/model/part-words.ts';

export const words: PartWords = {
  en: {
    problem: 'No deployment notes',
    title: 'commands for the server',
    action: 'Write down the exact commands',
    why:
      'Units and sites do nothing until somebody installs them. The commands name the same account, folders, port and host ' +
      'as the files, and are in the order in which they work.',
    point: 'the commands that bring it to a server',
    check: 'present',
    gain: 'Anybody of the team can deploy',
  },
  fr: {
    problem: 'Pas de notes de déploiement',
    title: 'commandes pour le serveur',
    action: 'Écrire les commandes exactes',
    why: 'Les commandes dépendent du dépôt : elles sont écrites pour lui.',
    point: 'les commandes pour le serveur',
    check: 'présentes',
    gain: "Toute l'équipe peut déployer",
  },
};
