/** The databases and the Redis of a verification: brought up when the first service needs them. */

import { say } from '../system/say.ts';
import type { Connection } from './connection.ts';
import { findPostgres, type PostgresServer, startPostgres } from './database.ts';
import { type Declared, OWN_DATABASE } from './declared.ts';
import { type Attached, databasesOf } from './environment.ts';
import type { Shop } from './process.ts';
import { findRedis, startRedis } from './redis.ts';
import type { Recorder } from './steps.ts';
import type { Target } from './targets.ts';

export class Backing {
  private readonly shop: Shop;
  private readonly record: Recorder;
  private readonly root: string;
  private readonly given: Connection | undefined;
  private postgres: PostgresServer | undefined;
  private redis: Connection | undefined;
  private runs = 0;
  private readonly missing = new Set<'database' | 'redis'>();

  /** `given` is the database of --database-url: then none is started. */
  constructor(shop: Shop, record: Recorder, root: string, given: Connection | undefined) {
    this.shop = shop;
    this.record = record;
    this.root = root;
    this.given = given;
  }

  /** Starts what these variables need. False when something is missing: it has been recorded then. */
  async prepare(declared: readonly Declared[], target: Target): Promise<boolean> {
    const pinned = target.service.database?.pinned;
    if (pinned) {
      const place = `${pinned.at.path}:${pinned.at.line}`;
      await this.record.run('database', { service: target.name }, async () => ({
        status: 'blocked',
        detail: say`${place} names the database of ${pinned.host}, which a start would reach: read its address from a variable first`,
      }));
      return false;
    }
    const asksRedis = declared.some((d) => d.from === 'redis');
    const databases = databasesOf(declared);
    const asksDatabase = databases.length > 0;
    const kind = target.service.database?.kind;
    if (asksDatabase && !this.given) {
      // A database that the blueprint names is PostgreSQL, whatever the code's default is.
      if (kind !== undefined && kind !== 'postgres' && databases.includes(OWN_DATABASE)) {
        await this.record.run('database', { service: target.name }, async () => ({
          status: 'blocked',
          detail: say`it needs ${kind}: give the URL of an empty one with --database-url`,
        }));
        return false;
      }
      await this.startDatabase();
    }
    if (asksRedis) await this.startRedis();
    return !(asksDatabase && this.missing.has('database')) && !(asksRedis && this.missing.has('redis'));
  }

  /** What the variables of one run are attached to: no two runs share a database. */
  async attach(declared: readonly Declared[]): Promise<Attached> {
    this.runs++;
    const databases = new Map<string, Connection>();
    for (const name of databasesOf(declared)) {
      const to = this.given ?? (await this.postgres?.database(`${name}_${this.runs}`));
      if (to) databases.set(name, to);
    }
    return { database: (name) => databases.get(name), redis: this.redis };
  }

  private async startDatabase(): Promise<void> {
    if (this.postgres || this.missing.has('database')) return;
    const ok = await this.record.run('PostgreSQL', {}, async () => {
      const bin = findPostgres(this.root);
      if (!bin) {
        return {
          status: 'blocked',
          detail: say`neither --database-url nor the programs of PostgreSQL: \`apt-get install postgresql\` or \`brew install postgresql\``,
        };
      }
      this.postgres = await startPostgres(this.shop, bin);
      return { status: 'ok', detail: `${this.postgres.version} of ${bin} on 127.0.0.1:${this.postgres.port}` };
    });
    if (!ok) this.missing.add('database');
  }

  private async startRedis(): Promise<void> {
    if (this.redis || this.missing.has('redis')) return;
    const ok = await this.record.run('Redis', {}, async () => {
      const program = findRedis(this.root);
      if (!program) {
        return {
          status: 'blocked',
          detail: say`neither valkey-server nor redis-server was found: \`apt-get install redis-server\` or \`brew install redis\``,
        };
      }
      this.redis = await startRedis(this.shop, program);
      return { status: 'ok', detail: `${program} on 127.0.0.1:${this.redis.port}` };
    });
    if (!ok) this.missing.add('redis');
  }
}
