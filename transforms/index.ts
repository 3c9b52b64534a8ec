/** The transforms, in the order in which they run. One file each. */
import type { Part } from '../src/model/transform.ts';
import { alembicBase } from './alembic-base.ts';
import { alembicUrl } from './alembic-url.ts';
import { beforeFirstRequest } from './before-first-request.ts';
import { bind } from './bind.ts';
import { gunicorn } from './gunicorn.ts';
import { lifespan } from './lifespan.ts';
import { pydantic2 } from './pydantic-2.ts';
import { requirements } from './requirements.ts';
import { settings } from './settings.ts';

export const transforms: readonly Part[] = [
  bind,
  alembicBase,
  alembicUrl,
  gunicorn,
  requirements,
  settings,
  lifespan,
  beforeFirstRequest,
  pydantic2,
];
