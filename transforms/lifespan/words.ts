import type { PartWords } from '../../src/model/part-words.ts';

export const words: PartWords = {
  en: {
    problem: 'Start functions that a newer Starlette does not call',
    title: 'start and stop in a lifespan',
    action: 'Move start and stop functions to a lifespan',
    why: 'FastAPI and Starlette have given up on_event: Starlette 1 does not know it, and a FastAPI that is given a lifespan calls nothing else. The functions stay as they are; only what calls them changes.',
    point: 'functions for start and stop stand in a lifespan',
    check: 'functions for start and stop stand in a lifespan',
    gain: 'The service starts with the FastAPI of today',
  },
  fr: {
    problem: "Fonctions de démarrage qu'un Starlette récent n'appelle plus",
    title: 'démarrage et arrêt dans un lifespan',
    action: "Déplacer les fonctions de démarrage et d'arrêt dans un lifespan",
    why: "FastAPI et Starlette ont abandonné on_event : Starlette 1 ne le connaît plus, et un FastAPI qui reçoit un lifespan n'appelle rien d'autre. Les fonctions restent telles quelles ; seul change ce qui les appelle.",
    point: "les fonctions de démarrage et d'arrêt sont dans un lifespan",
    check: "fonctions de démarrage et d'arrêt dans un lifespan",
    gain: "Le service démarre avec le FastAPI d'aujourd'hui",
  },
};
