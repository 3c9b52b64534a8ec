import type { PartWords } from '../../src/model/part-words.ts';

export const words: PartWords = {
  en: {
    problem: 'No site for nginx',
    title: 'nginx site',
    action: 'Pass requests on with the proxy headers that the server needs',
    why:
      'nginx takes the connections of slow clients off the workers, ends TLS and tells the program which scheme, host and ' +
      'address a request really had. It waits longer than gunicorn does, so that gunicorn decides when a request takes too long.',
    point: 'an nginx site that passes requests on',
    check: 'present, and passes requests on',
    gain: 'TLS, timeouts and websockets at the edge',
  },
  fr: {
    problem: 'Pas de site nginx',
    title: 'site nginx',
    action: 'Transmettre les requêtes avec les en-têtes nécessaires',
    why: "nginx reçoit le trafic et le passe à gunicorn. Ses délais s'accordent avec ceux du serveur.",
    point: 'un site nginx qui transmet les requêtes',
    check: 'présent, transmet les requêtes',
    gain: 'TLS, délais et websockets en façade',
  },
};
