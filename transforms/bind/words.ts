import type { PartWords } from '../../src/model/part-words.ts';

export const words: PartWords = {
  en: {
    problem: 'Fixed host or port',
    also: { of: 'PORT', problem: 'The port cannot be configured' },
    title: 'host 0.0.0.0 and the port from PORT',
    action: 'Read host and port of the run call from HOST and PORT',
    why: 'A platform sends traffic from outside and names the port in PORT. A server on 127.0.0.1, on a LAN address or on a fixed port is never reached.',
    point: 'host 0.0.0.0 and the port from PORT',
    check: 'host `0.0.0.0`, port from `PORT`',
    gain: 'Reachable on every platform that supplies PORT',
  },
  fr: {
    problem: 'Host ou port fixe',
    also: { of: 'PORT', problem: 'Port non configurable' },
    title: 'host 0.0.0.0 et port depuis PORT',
    action: "Lire l'hôte et le port de l'appel de démarrage dans HOST et PORT",
    why: "La plateforme envoie le trafic de l'extérieur et donne le port dans PORT. Un serveur sur 127.0.0.1, sur une adresse du réseau local ou sur un port fixe n'est jamais atteint.",
    point: 'host 0.0.0.0 et port depuis PORT',
    check: 'host `0.0.0.0`, port depuis `PORT`',
    gain: 'Joignable sur toute plateforme qui fournit PORT',
  },
};
