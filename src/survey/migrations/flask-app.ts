/** What `flask --app` has to name. https://flask.palletsprojects.com/en/stable/cli/#application-discovery */
import type { ServiceSeed } from '../../facts.ts';
import { join } from '../../path.ts';
import type { Snapshot } from '../../snapshot.ts';

/**
 * Undefined when `flask` finds the application by itself in the service's root: by FLASK_APP in .flaskenv or .env, or
 * because wsgi.py or app.py is there.
 */
export function flaskApp(repo: Snapshot, seed: ServiceSeed): string | undefined {
  const named = ['.flaskenv', '.env'].some((f) =>
    /^\s*(?:export\s+)?FLASK_APP\s*=/m.test(repo.read(join(seed.root, f))?.text ?? ''),
  );
  const found = ['wsgi.py', 'app.py'].some((f) => repo.has(join(seed.root, f)));
  if (named || found) return undefined;
  const { module, attr, factory, pythonPath } = seed.entry;
  if (pythonPath !== undefined && pythonPath !== 'src') return undefined;
  const plain = factory ? attr === 'create_app' || attr === 'make_app' : attr === 'app' || attr === 'application';
  return plain ? module : `${module}:${attr}`;
}
