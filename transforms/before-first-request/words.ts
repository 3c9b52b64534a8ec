import type { PartWords } from '../../src/model/part-words.ts';

export const words: PartWords = {
  en: {
    problem: 'before_first_request, which Flask 2.3 does not have',
    title: 'what runs before the first request',
    action: 'Run it once from before_request',
    why: 'Flask 2.3 has taken before_first_request away: the application stops when it is imported. What it ran still runs before the first request, once, under a lock.',
    point: 'nothing uses before_first_request',
    check: 'nothing uses before_first_request',
    gain: 'The service starts with the Flask of today',
  },
  fr: {
    problem: "before_first_request, que Flask 2.3 n'a plus",
    title: 'ce qui précède la première requête',
    action: 'Le lancer une fois depuis before_request',
    why: "Flask 2.3 a retiré before_first_request : l'application s'arrête dès son import. Ce qu'il lançait s'exécute toujours avant la première requête, une seule fois, sous un verrou.",
    point: "rien n'utilise before_first_request",
    check: 'before_first_request absent',
    gain: "Le service démarre avec le Flask d'aujourd'hui",
  },
};
