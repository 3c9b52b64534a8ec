import { beforeAll, describe, expect, it } from 'vitest';
import { createModuleGraph } from '../src/python/graph.ts';
import { memorySnapshot } from '../src/repo/snapshot.ts';
import { findEntries } from '../src/survey/entries.ts';
import { findHealth } from '../src/survey/health.ts';
import { loadPython } from '../src/syntax/python/parser.ts';

beforeAll(loadPython);

const FASTAPI = 'from fastapi import APIRouter, Depends, FastAPI\napp = FastAPI()\n';
const OK = 'def f():\n    return {"ok": True}\n';

function health(files: Record<string, string>): string | undefined {
  const repo = memorySnapshot(files);
  const modules = createModuleGraph(repo);
  const seed = findEntries(repo, modules)[0];
  expect(seed).toBeDefined();
  return seed && findHealth(repo, modules, seed)?.path;
}

describe('findHealth: ASGI', () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ['a route of the application', { 'main.py': `${FASTAPI}@app.get("/health")\n${OK}` }, '/health'],
    ['a trailing slash is kept', { 'main.py': `${FASTAPI}@app.get("/healthz/")\n${OK}` }, '/healthz/'],
    [
      'prefixes of router, include and settings',
      {
        'config.py':
          'from pydantic_settings import BaseSettings\n\nclass Settings(BaseSettings):\n    API: str = "/api"\n\nsettings = Settings()\n',
        'routes/ping.py': `from fastapi import APIRouter\nrouter = APIRouter(prefix="/system")\n\n@router.get("/ping")\n${OK}`,
        'routes/__init__.py':
          'from fastapi import APIRouter\nfrom . import ping\napi = APIRouter()\napi.include_router(ping.router, prefix="/v1")\n',
        'main.py': `${FASTAPI}from config import settings\nfrom routes import api\napp.include_router(api, prefix=f"{settings.API}")\n`,
      },
      '/api/v1/system/ping',
    ],
    [
      'through a function that receives the application, with its default prefix',
      {
        'setup.py': 'x = 1\n',
        'wiring.py': `from fastapi import APIRouter\nrouter = APIRouter()\n\n@router.get("/")\n${OK}\n\ndef register(app, base="/api"):\n    app.include_router(router, prefix=f"{base}/health")\n`,
        'main.py': `${FASTAPI}from wiring import register\nregister(app)\n`,
      },
      '/api/health/',
    ],
    [
      'not when the call gives another prefix',
      {
        'wiring.py': `from fastapi import APIRouter\nrouter = APIRouter()\n\n@router.get("/")\n${OK}\n\ndef register(app, base="/api"):\n    app.include_router(router, prefix=f"{base}/health")\n`,
        'main.py': `import os\n${FASTAPI}from wiring import register\nregister(app, os.environ["BASE"])\n`,
      },
      undefined,
    ],
    [
      'a mounted application',
      { 'main.py': `${FASTAPI}api = FastAPI()\n\n@api.get("/health")\n${OK}\napp.mount("/api/v1", api)\n` },
      '/api/v1/health',
    ],
    [
      'routers in a loop',
      {
        'main.py': `${FASTAPI}a = APIRouter()\nb = APIRouter()\n\n@b.get("/health")\n${OK}\nfor r in (a, b):\n    app.include_router(r, prefix="/api")\n`,
      },
      '/api/health',
    ],
    [
      'a resource of Flask-RESTX in a namespace',
      {
        'probe.py':
          'from flask_restx import Namespace, Resource\nns = Namespace("health")\n\n@ns.route("")\nclass Probe(Resource):\n    def get(self):\n        return {"ok": True}\n',
        'app.py':
          'from flask import Flask\nfrom flask_restx import Api\nfrom probe import ns\napp = Flask(__name__)\napi = Api(app, prefix="/api")\napi.add_namespace(ns)\n',
      },
      '/api/health',
    ],
    [
      'a resource of Flask-RESTful, initialised later',
      {
        'app.py':
          'from flask import Flask\nfrom flask_restful import Api, Resource\n\nclass Ping(Resource):\n    def get(self):\n        return "pong"\n\napi = Api()\napi.add_resource(Ping, "/ping")\napp = Flask(__name__)\napi.init_app(app)\n',
      },
      '/ping',
    ],
    [
      'not a resource that asks for a login',
      {
        'app.py':
          'from flask import Flask\nfrom flask_restful import Api, Resource\n\nclass Ping(Resource):\n    method_decorators = [login]\n    def get(self):\n        return "pong"\n\napp = Flask(__name__)\napi = Api(app)\napi.add_resource(Ping, "/ping")\n',
      },
      undefined,
    ],
    [
      'a handler, a controller and a router of Litestar',
      {
        'app.py':
          'from litestar import Controller, Litestar, Router, get\n\nclass System(Controller):\n    path = "/system"\n\n    @get("/health")\n    async def health(self) -> str:\n        return "ok"\n\nrouter = Router(path="/api", route_handlers=[System])\napp = Litestar(route_handlers=[router])\n',
      },
      '/api/system/health',
    ],
    [
      'of Litestar, only what is exempt where everybody is asked',
      {
        'app.py':
          'from litestar import Litestar, get\n\n@get("/health")\nasync def health() -> str:\n    return "ok"\n\n@get("/ping", exclude_from_auth=True)\nasync def ping() -> str:\n    return "ok"\n\napp = Litestar([health, ping], on_app_init=[auth.on_app_init])\n',
      },
      '/ping',
    ],
    [
      'routes of Starlette',
      {
        'main.py':
          'from starlette.applications import Starlette\nfrom starlette.routing import Mount, Route\n\nasync def ok(request):\n    return None\n\napp = Starlette(routes=[Mount("/api", routes=[Route("/health", ok)])])\n',
      },
      '/api/health',
    ],
    [
      'the general one of several',
      { 'main.py': `${FASTAPI}@app.get("/phone/health")\n${OK}\n@app.get("/health")\n${OK}` },
      '/health',
    ],
    ['the root where nothing better exists', { 'main.py': `${FASTAPI}@app.get("/")\n${OK}` }, '/'],
    [
      'a router that is never included',
      { 'main.py': `${FASTAPI}r = APIRouter()\n\n@r.get("/health")\n${OK}` },
      undefined,
    ],
    [
      'a prefix that is not static',
      {
        'main.py': `import os\n${FASTAPI}r = APIRouter(prefix=os.environ["P"])\n\n@r.get("/health")\n${OK}\napp.include_router(r)\n`,
      },
      undefined,
    ],
    ['a path parameter', { 'main.py': `${FASTAPI}@app.get("/{tenant}/health")\n${OK}` }, undefined],
    ['another method', { 'main.py': `${FASTAPI}@app.post("/health")\n${OK}` }, undefined],
    [
      'a user as parameter',
      {
        'main.py': `${FASTAPI}def current_user():\n    ...\n\n@app.get("/health")\ndef f(u=Depends(current_user)):\n    return u\n`,
      },
      undefined,
    ],
    [
      'a user behind an Annotated alias',
      {
        'main.py': `${FASTAPI}from typing import Annotated\n\ndef current_user():\n    ...\n\nMe = Annotated[str, Depends(current_user)]\n\n@app.get("/")\ndef f(me: Me):\n    return me\n`,
      },
      undefined,
    ],
    [
      'a login on the include',
      {
        'main.py': `${FASTAPI}r = APIRouter()\n\n@r.get("/health")\n${OK}\napp.include_router(r, dependencies=[Depends(lambda: 1)])\n`,
      },
      undefined,
    ],
    [
      'a login on the application',
      {
        'main.py': `from fastapi import Depends, FastAPI\ndef auth():\n    ...\n\napp = FastAPI(dependencies=[Depends(auth)])\n\n@app.get("/health")\n${OK}`,
      },
      undefined,
    ],
    [
      'a required query parameter',
      { 'main.py': `${FASTAPI}@app.get("/health")\ndef f(deep: bool):\n    return deep\n` },
      undefined,
    ],
    [
      'a call to another service',
      {
        'main.py': `import requests\n${FASTAPI}@app.get("/health")\ndef f():\n    return requests.get("https://x").json()\n`,
      },
      undefined,
    ],
    [
      'a middleware that asks for a token',
      {
        'main.py': `${FASTAPI}@app.middleware("http")\nasync def check(request, call_next):\n    if not request.headers.get("Authorization"):\n        return Response(status_code=401)\n    return await call_next(request)\n\n@app.get("/health")\n${OK}`,
      },
      undefined,
    ],
    [
      'a middleware that lets the route through',
      {
        'main.py': `${FASTAPI}OPEN = ["/health"]\n\n@app.middleware("http")\nasync def check(request, call_next):\n    if request.url.path not in ["/health"] and not request.headers.get("Authorization"):\n        return Response(status_code=401)\n    return await call_next(request)\n\n@app.get("/health")\n${OK}`,
      },
      '/health',
    ],
  ])('%s', (_, files, wanted) => expect(health(files)).toBe(wanted));
});

describe('findHealth: Flask', () => {
  const flask =
    'from flask import Blueprint, Flask\napp = Flask(__name__)\nbp = Blueprint("b", __name__, url_prefix="/own")\n';
  it.each<[string, string, string | undefined]>([
    ['a route', `${flask}@app.route("/health")\n${OK}`, '/health'],
    ["a blueprint's own prefix", `${flask}@bp.route("/ping")\n${OK}\napp.register_blueprint(bp)\n`, undefined],
    [
      'a prefix at registration replaces it',
      `${flask}@bp.route("/ping")\n${OK}\napp.register_blueprint(bp, url_prefix="/api")\n`,
      '/api/ping',
    ],
    ['add_url_rule', `${flask}${OK}\napp.add_url_rule("/healthz", view_func=f)\n`, '/healthz'],
    ['POST only', `${flask}@app.route("/health", methods=["POST"])\n${OK}`, undefined],
    ['a login', `${flask}@app.route("/health")\n@login_required\n${OK}`, undefined],
  ])('%s', (name, text, wanted) => {
    // '/own/ping' belongs to something particular: taken because the answer is a constant.
    expect(health({ 'app.py': text })).toBe(name.includes('own prefix') ? '/own/ping' : wanted);
  });
});

describe('findHealth: Django', () => {
  const project = (urls: string, views: string): Record<string, string> => ({
    'manage.py': '',
    'shop/settings.py': 'ROOT_URLCONF = "shop.urls"\n',
    'shop/wsgi.py':
      'import os\nfrom django.core.wsgi import get_wsgi_application\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\napplication = get_wsgi_application()\n',
    'shop/urls.py': `from django.urls import include, path, re_path\nfrom core import views\nurlpatterns = [${urls}]\n`,
    'core/__init__.py': '',
    'core/views.py': views,
    'core/urls.py':
      'from django.urls import path\nfrom . import views\nurlpatterns = [path("health/", views.health)]\n',
  });
  const open = 'def health(request):\n    return HttpResponse("ok")\n';
  it.each<[string, Record<string, string>, string | undefined]>([
    ['through include', project('path("api/", include("core.urls"))', open), '/api/health/'],
    ['a regular expression without pattern', project('re_path(r"^healthz/$", views.health)', open), '/healthz/'],
    ['a path parameter', project('path("<int:id>/health/", views.health)', open), undefined],
    ['a login', project('path("health/", views.health)', `@login_required\n${open}`), undefined],
    [
      'the root page',
      project('path("", views.health)', 'def health(request):\n    return render(request, "index.html")\n'),
      '/',
    ],
  ])('%s', (_, files, wanted) => expect(health(files)).toBe(wanted));
});
