import type { PartWords } from '../../src/model/part-words.ts';

export const words: PartWords = {
  en: {
    problem: 'No complete Procfile',
    title: 'start command for Procfile platforms',
    action: 'Declare the processes',
    why:
      'Heroku, Dokku, Scalingo, Google Cloud buildpacks and Railway read the processes of an application from a Procfile. ' +
      'Migrations run in the release phase, so that a failed one stops the deploy and two instances never migrate at once. ' +
      'Render does not read it: there render.yaml counts.',
    point: 'Procfile with the complete start command',
    check: 'present, with the complete start command',
    gain: 'Starts on Heroku, Dokku, Scalingo and Railway',
  },
  fr: {
    problem: 'Pas de Procfile complet',
    title: 'commande de démarrage',
    action: 'Déclarer les processus',
    why: 'Heroku, Dokku, Scalingo et Railway lisent les processus dans un Procfile. Les migrations passent dans la phase release : un échec arrête le déploiement. Render ne lit pas ce fichier, mais render.yaml.',
    point: 'Procfile avec la commande complète',
    check: 'présent, avec la commande complète',
    gain: 'Démarre sur Heroku, Dokku, Scalingo et Railway',
  },
};
