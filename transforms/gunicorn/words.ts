import type { PartWords } from '../../src/model/part-words.ts';

export const words: PartWords = {
  en: {
    problem: 'No production server',
    title: 'gunicorn added',
    action: 'Add gunicorn to the dependencies',
    why: 'A platform starts the service with gunicorn, which supervises and restarts worker processes; a start command that names a server which is not installed fails at the first deploy. Locks and compiled files are never edited: there the exact command is printed.',
    point: 'a production server among the dependencies',
    check: 'a production server among the dependencies',
    gain: 'Several workers, restarted when one ends',
  },
  fr: {
    problem: 'Pas de serveur de production',
    title: 'gunicorn ajouté',
    action: 'Ajouter gunicorn aux dépendances',
    why: "gunicorn gère plusieurs workers et relance celui qui s'arrête. Le patch l'ajoute dans le style du fichier.",
    point: 'un serveur de production parmi les dépendances',
    check: 'serveur de production parmi les dépendances',
    gain: "Plusieurs workers, relancés s'ils s'arrêtent",
  },
};
