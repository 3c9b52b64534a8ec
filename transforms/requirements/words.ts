import type { PartWords } from '../../src/model/part-words.ts';

export const words: PartWords = {
  en: {
    problem: 'Imported at start and not installed',
    title: 'Missing requirements added',
    action: 'Add what is missing to the dependencies',
    why: 'A module that is imported when the service starts and that the build does not install ends the first deploy with ModuleNotFoundError. What is certainly missing is added in the style of the file; where a lock stands, the exact command is printed.',
    point: 'all that is imported at start among the dependencies',
    check: 'all that is imported at start among the dependencies',
    gain: 'No ModuleNotFoundError at the first deploy',
  },
  fr: {
    problem: 'Importé au démarrage et pas installé',
    title: 'Dépendances manquantes ajoutées',
    action: 'Ajouter ce qui manque aux dépendances',
    why: "Un module importé au démarrage que l'installation n'apporte pas arrête le premier déploiement (ModuleNotFoundError). Ce qui manque à coup sûr est ajouté dans le style du fichier ; avec un verrou, la commande exacte est affichée.",
    point: 'tout ce qui est importé au démarrage parmi les dépendances',
    check: 'tout ce qui est importé au démarrage parmi les dépendances',
    gain: 'Pas de ModuleNotFoundError au premier déploiement',
  },
};
