import type { PartWords } from '../../src/model/part-words.ts';

export const words: PartWords = {
  en: {
    problem: 'Environment read in many places',
    title: 'environment through settings',
    action: 'Read variables through the settings object',
    why: 'A project that has a settings object says there, in one place, what it needs and what the defaults are; a direct read of os.environ elsewhere is a variable that nobody finds. A read moves only where the program gets the same value as before.',
    point: 'the environment is read through the settings object',
    check: 'the environment is read through the settings object',
    gain: 'One place says which variables there are',
  },
  fr: {
    problem: 'Variables lues directement',
    title: 'variables lues par les settings',
    action: "Lire les variables par l'objet settings",
    why: "L'objet settings dit à un seul endroit ce dont le projet a besoin et avec quelles valeurs par défaut ; une lecture directe de os.environ ailleurs est une variable que personne ne trouve. Une lecture n'est déplacée que si le programme reçoit la même valeur qu'avant.",
    point: "les variables d'environnement sont lues par l'objet settings",
    check: "variables d'environnement lues par l'objet settings",
    gain: 'Un seul endroit dit quelles variables existent',
  },
};
