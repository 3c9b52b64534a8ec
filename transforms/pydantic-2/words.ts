import type { PartWords } from '../../src/model/part-words.ts';

export const words: PartWords = {
  en: {
    problem: 'Code for pydantic 1 beside pydantic 2',
    title: 'the form of pydantic 2',
    action: 'Write models for pydantic 2',
    why: 'An install without a bound brings pydantic 2, which stops at BaseSettings and at much else of version 1. Settings are a library of their own, validators are class methods, Config is model_config, and a field that may be None needs a default.',
    point: 'models are written for the pydantic that is installed',
    check: 'models are written for the pydantic that is installed',
    gain: 'The service starts with the pydantic of today',
  },
  fr: {
    problem: 'Code pour pydantic 1 à côté de pydantic 2',
    title: 'la forme de pydantic 2',
    action: 'Écrire les modèles pour pydantic 2',
    why: "Une installation sans borne apporte pydantic 2, qui s'arrête à BaseSettings et à bien d'autres choses de la version 1. Les settings sont une bibliothèque à part, les validateurs sont des méthodes de classe, Config devient model_config, et un champ qui peut être None demande une valeur par défaut.",
    point: 'les modèles sont écrits pour le pydantic installé',
    check: 'modèles écrits pour le pydantic installé',
    gain: "Le service démarre avec le pydantic d'aujourd'hui",
  },
};
