import type { PartWords } from '../../src/model/part-words.ts';

export const words: PartWords = {
  en: {
    problem: 'No service unit',
    title: 'systemd units',
    action: 'Declare server, workers and migrations as hardened units',
    why:
      'On a server of your own systemd starts the program, restarts it when it dies and stops it without cutting off ' +
      'requests: it waits longer than gunicorn does. The service runs as an account of its own, sees a read-only system ' +
      'but for its state folder, and listens on the loopback interface only, behind nginx. Migrations are a unit that a ' +
      'deploy starts before the new version: when they fail, the old one goes on.',
    point: 'systemd units for the server, its workers and the migrations',
    check: 'present, for the server, its workers and the migrations',
    gain: 'Starts at boot, restarts, stops gracefully',
  },
  fr: {
    problem: "Pas d'unité systemd",
    title: 'unités systemd',
    action: 'Déclarer serveur, workers et migrations en unités durcies',
    why: "systemd démarre le service avec la machine, le relance et l'arrête proprement. Les unités limitent ce que le programme peut toucher.",
    point: 'unités systemd pour le serveur, ses workers et les migrations',
    check: 'présentes, pour le serveur, ses workers et les migrations',
    gain: 'Démarre avec la machine, redémarre, s’arrête proprement',
  },
};
