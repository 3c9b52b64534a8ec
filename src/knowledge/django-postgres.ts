/**
 * What Django's postgres application must be installed for, from Django 6.0 on: `manage.py migrate` stops else, on every
 * database (check postgres.E005). https://docs.djangoproject.com/en/6.0/ref/checks/#postgresql
 */
export const POSTGRES_APP = 'django.contrib.postgres';
export const POSTGRES_CHECKED_FROM = '6.0';

/** Fields, indexes and constraints that are checked: the classes with CheckPostgresInstalledMixin. */
export const POSTGRES_CHECKED =
  /^django\.contrib\.postgres\.(?:fields\.(?:\w+\.)?(?:ArrayField|HStoreField|\w*RangeField)|search\.Search(?:Vector|Query)Field|indexes\.(?:Bloom|Brin|BTree|Gin|Gist|Hash|SpGist)Index|constraints\.ExclusionConstraint)$/;

/** Applications whose own models have such fields where the database is PostgreSQL. */
export const POSTGRES_APPS: readonly { readonly app: string; readonly has: string; readonly source: string }[] = [
  {
    app: 'wagtail.search',
    has: 'SearchVectorField',
    source: 'https://docs.wagtail.org/en/stable/topics/search/backends.html',
  },
  {
    app: 'modelsearch',
    has: 'SearchVectorField',
    source: 'https://github.com/wagtail/django-modelsearch/blob/main/modelsearch/abstract_models.py',
  },
];
