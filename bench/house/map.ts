/** npm run map: writes the rooms and their arrows, as the imports have them, into docs/house.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { mapOf } from './graph.ts';

const file = path.join(import.meta.dirname, '..', 'docs', 'house.md');
const text = readFileSync(file, 'utf8');
writeFileSync(file, text.replace(/```mermaid\n[\s\S]*?```/, `\`\`\`mermaid\n${mapOf()}\`\`\``));
