/**
 * What parts are written with. The parts that come with nayek import from these modules and from no other, which a test
 * holds; to an own part they are `import { … } from 'nayek'`. docs/plugins.md is the way in.
 *
 * Modules of one kind of question stand as one name, such as `paths.join`; the others as they are.
 */

// Command lines.
export * as commandLines from './commands/command.ts';
export * as lexer from './commands/lexer.ts';
export * as migrates from './commands/migrates.ts';
export * as options from './commands/options.ts';
export * as programs from './commands/program.ts';
export * as steps from './commands/steps.ts';
// Whether a start command works.
export * as faults from './judge/fault.ts';
export * as images from './judge/image.ts';
export * as judging from './judge/judge.ts';
export * as startNeeds from './judge/needs.ts';
export * as ownStarts from './judge/own-start.ts';
export * as serverChoice from './judge/server-choice.ts';
export * as serving from './judge/serving.ts';
// Tools as rows.
export * as databases from './knowledge/databases.ts';
export * as distributions from './knowledge/distributions.ts';
export * as frameworks from './knowledge/frameworks.ts';
export * as managers from './knowledge/managers.ts';
export * as migrations from './knowledge/migrations.ts';
export * as pythons from './knowledge/pythons.ts';
export * as serverCalls from './knowledge/server-calls.ts';
export type * from './knowledge/server-row.ts';
export * as servers from './knowledge/servers.ts';
export * as workerTools from './knowledge/workers.ts';
// Lists of requirements: what is added, bounded and proved.
export * as listAdditions from './lists/add.ts';
export * as listCommands from './lists/commands.ts';
export * as listBounds from './lists/narrow.ts';
export * as listOneMore from './lists/one-more.ts';
export * as listProof from './lists/proof.ts';
export type { Addition } from './lists/style.ts';
// The contract: what a part is given and what it answers.
export * from './model/facts.ts';
export * from './model/part-words.ts';
export * from './model/served.ts';
export * from './model/transform.ts';
// What names and expressions mean when the program runs.
export * as bindings from './python/bindings.ts';
export * as bound from './python/bound.ts';
export * from './python/definition.ts';
export * as envAccess from './python/env-access.ts';
export * as evaluation from './python/evaluate.ts';
export * as functions from './python/functions.ts';
export type * from './python/graph.ts';
export * as known from './python/known.ts';
export * as modules from './python/modules.ts';
export * from './python/place.ts';
export * as sites from './python/sites.ts';
export * as texts from './python/text.ts';
export * as meanings from './python/values.ts';
// Paths and encodings.
export * as made from './repo/made.ts';
export * as paths from './repo/path.ts';
// Files: `repo.read(path)`, `repo.paths`, and paths in a repository.
export * from './repo/snapshot.ts';
export * as encodings from './repo/source.ts';
export * as sourceLines from './repo/source-line.ts';
// What is a credential.
export * as credentials from './secrets/credential.ts';
// Questions to the repository beyond the facts.
export * as envFile from './survey/alembic/env-file.ts';
export * as urlValue from './survey/alembic/url-value.ts';
export * as alembicVersions from './survey/alembic/versions.ts';
export * as blueprints from './survey/blueprint.ts';
export * as consoleScripts from './survey/console-scripts.ts';
export * as buildCommand from './survey/dependencies/build-command.ts';
export * as compiledRequirements from './survey/dependencies/compiled.ts';
export * as devGroup from './survey/dependencies/dev-group.ts';
export * as frameworkPackages from './survey/dependencies/frameworks.ts';
export * as installed from './survey/dependencies/installed.ts';
export * as installsAll from './survey/dependencies/installs-all.ts';
export * as locks from './survey/dependencies/locks.ts';
export * as missingDependencies from './survey/dependencies/missing.ts';
export * as requirementFiles from './survey/dependencies/requirement-files.ts';
export * as versions from './survey/dependencies/versions.ts';
export * as deployed from './survey/deployed.ts';
export * as envKinds from './survey/env-kind.ts';
export * as environmentFiles from './survey/environment/files.ts';
export * as settingsClasses from './survey/environment/settings-classes.ts';
export * as executed from './survey/executed.ts';
export * as foreignSchemes from './survey/foreign-scheme.ts';
export * as frontEnd from './survey/front-end.ts';
export * as djangoSettings from './survey/migrations/django-settings.ts';
export * as drivers from './survey/notes/drivers.ts';
export * as reachable from './survey/reachable.ts';
export * as readers from './survey/readers.ts';
export * as spawned from './survey/spawned.ts';
export * as startTargets from './survey/start-targets.ts';
export * as webSockets from './survey/web-sockets.ts';
export * as workerClass from './survey/worker-class.ts';
export * from './syntax/dockerfile.ts';
export * as documents from './syntax/documents.ts';
// Edits are ranges on the text as it is.
export * from './syntax/edit.ts';
export * from './syntax/ini.ts';
export * from './syntax/procfile.ts';
// Python: the tree, ways through it, imports.
export * from './syntax/python/ast.ts';
export * from './syntax/python/children.ts';
export * from './syntax/python/ensure-import.ts';
export * from './syntax/python/imports.ts';
export * from './syntax/python/lower.ts';
export * from './syntax/python/needle.ts';
export * from './syntax/python/strings.ts';
export * from './syntax/python/walk.ts';
// Requirements and settings files, by ranges.
export * from './syntax/requirements.ts';
export * from './syntax/setup-cfg.ts';
export * from './syntax/toml.ts';
export * from './syntax/yaml.ts';
export * from './system/say.ts';
