/** What must hold for every row of src/knowledge, whoever adds one. */
import { describe, expect, it } from 'vitest';
import { readCommand } from '../src/commands/command.ts';
import { readShell } from '../src/commands/lexer.ts';
import { commandMigrates } from '../src/commands/migrates.ts';
import { programOf } from '../src/commands/program.ts';
import { drivers } from '../src/knowledge/databases.ts';
import { brings } from '../src/knowledge/distributions.ts';
import { forms, managers, tools } from '../src/knowledge/managers.ts';
import { migrationTools, sourceMigrates } from '../src/knowledge/migrations.ts';
import { applicationWord, SERVER_PROGRAMS } from '../src/knowledge/servers.ts';
import { workerTools } from '../src/knowledge/workers.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import { startCommands } from '../src/survey/commands.ts';
import { lockCommands } from '../src/verify/install.ts';

const project = { folder: '.', file: 'environment.yml', locked: true, extras: [], groups: [] };

describe('dependency managers', () => {
  it.each(tools)('$id: a command behind its run words is read as that command', ({ id, run, valued }) => {
    const options = valued.length > 0 ? ` ${valued[0]} x` : '';
    const [command] = readShell(`${run}${options} gunicorn app:app`).commands;
    expect(programOf(command?.words ?? [])).toMatchObject({ via: id, name: 'gunicorn', args: ['app:app'] });
  });
  it.each(tools)(
    '$id: the command that adds a package may be run for the user, as it brings the lock up to date',
    (tool) => {
      const added = tool.add?.({ packages: 'gunicorn' });
      expect(lockCommands(added === undefined ? [] : [added])).toEqual(added === undefined ? [] : [added]);
    },
  );
  it.each(managers.filter((m) => m.tool))('$id: its own program installs', ({ id, install }) => {
    expect(install(project).split(' ')[0]).toBe(id);
  });
  it('every kind of project file has an installer, and a TOML one says where its main list stands', () => {
    for (const form of forms) {
      if (form.grammar === 'toml') expect(form.lists?.filter((l) => l.part === 'main')).toHaveLength(1);
    }
  });
});

describe('migration tools', () => {
  it.each(migrationTools)('$id: its command is seen to migrate', ({ found, words, verb }) => {
    const command = typeof found === 'string' ? `${words[0] ?? 'manage.py'} ${verb}` : found.command;
    expect(commandMigrates(readCommand(`${command} && gunicorn app:app`))).toBe(true);
    expect(commandMigrates(readCommand(`sh -c '${command}'`))).toBe(true);
    expect(sourceMigrates(`subprocess.run("${command}".split())`)).toBe(true);
  });
  it('what only writes a revision migrates nothing', () => {
    for (const line of [
      'flask db migrate',
      'aerich migrate',
      'alembic revision -m migrate',
      'yoyo new',
      'pip install --upgrade pip',
    ]) {
      expect([line, commandMigrates(readCommand(line))]).toEqual([line, false]);
    }
  });
});

it('one table says what an install brings: for servers, for what imports need, with an extra where only that does', () => {
  expect(brings('fastapi', [], 'uvicorn')).toBe(false);
  expect(brings('fastapi', ['standard'], 'uvicorn')).toBe(true);
  expect(brings('fastapi', ['standard', 'of-tomorrow'], 'uvicorn')).toBe(true);
  expect(brings('flask-cors', [], 'flask')).toBe(true);
  expect(brings('uvicorn-worker', [], 'gunicorn')).toBe(true);
  expect(brings('gunicorn', ['gevent'], 'eventlet')).toBe(false);
});

describe('queue tools', () => {
  const queue = {
    module: 'app.jobs',
    attr: 'queue',
    django: false,
    names: ['low'],
    jobs: ['app.more'],
    redis: 'REDIS_URL',
  };
  it.each(workerTools)('$id: the command that is made is read as one of its own, with its module', (tool) => {
    const command = tool.command(queue) ?? '';
    expect(tool.line.exec(`cd app && ${command}`)?.[0]).toBe(command);
    expect(tool.other?.test(command) ?? false).toBe(false);
    if (tool.names) expect(tool.names.exec(command)?.[1]).toMatch(/^app\.jobs/);
    const schedule = tool.scheduler?.(queue);
    if (schedule !== undefined) expect(tool.schedules?.alone.test(schedule)).toBe(true);
    expect(tool.schedules?.alone.test(command) ?? false).toBe(false);
  });
});

it.each(SERVER_PROGRAMS)('%s: a line of a script that starts it is found, with its application', (name) => {
  const word = applicationWord(name);
  const option = typeof word === 'string' ? '' : `${word?.[0]} `;
  const [found] = startCommands(memorySnapshot({ 'start.sh': `#!/bin/sh\n${name} ${option}shop.main:app\n` }));
  expect(found?.targets).toEqual([{ server: name, module: 'shop.main', attr: 'app' }]);
});

it('servers say where their application stands, drivers belong to one database each', () => {
  for (const name of SERVER_PROGRAMS) expect(applicationWord(name)).toBeDefined();
  const packages = drivers.flatMap((driver) => driver.packages);
  expect(new Set(packages).size).toBe(packages.length);
});
