import type { Grant } from '@holdfast/model'

/**
 * Permissions of predefined roles that are common on data, as Google's role reference lists them in October 2026; wildcards
 * stand for a service's whole family. A role that is described by its own document is taken from there instead, and one
 * that is in neither place is shown as unresolved. The basic roles are approximated by the verbs of their definition.
 */
const PERMISSIONS: ReadonlyMap<string, { readonly allow: readonly string[]; readonly not?: readonly string[] }> =
  new Map([
    ['roles/viewer', { allow: ['*.get', '*.list', '*.getData', '*.search', '*.getIamPolicy'] }],
    ['roles/editor', { allow: ['*'], not: ['*.setIamPolicy', '*.actAsAny', 'iam.roles.*'] }],
    ['roles/owner', { allow: ['*'] }],
    [
      'roles/storage.objectViewer',
      {
        allow: [
          'storage.objects.get',
          'storage.objects.list',
          'storage.folders.get',
          'storage.folders.list',
          'storage.managedFolders.get',
          'storage.managedFolders.list',
        ],
      },
    ],
    [
      'roles/storage.objectCreator',
      {
        allow: [
          'storage.objects.create',
          'storage.folders.create',
          'storage.multipartUploads.abort',
          'storage.multipartUploads.create',
          'storage.multipartUploads.listParts',
        ],
      },
    ],
    [
      'roles/storage.objectUser',
      {
        allow: [
          'storage.objects.create',
          'storage.objects.delete',
          'storage.objects.get',
          'storage.objects.list',
          'storage.objects.update',
          'storage.multipartUploads.*',
          'storage.folders.*',
        ],
      },
    ],
    [
      'roles/storage.objectAdmin',
      { allow: ['storage.objects.*', 'storage.multipartUploads.*', 'storage.folders.*', 'storage.managedFolders.*'] },
    ],
    ['roles/storage.admin', { allow: ['storage.*'] }],
    [
      'roles/bigquery.dataViewer',
      {
        allow: [
          'bigquery.datasets.get',
          'bigquery.models.getData',
          'bigquery.models.getMetadata',
          'bigquery.models.list',
          'bigquery.routines.get',
          'bigquery.routines.list',
          'bigquery.tables.export',
          'bigquery.tables.get',
          'bigquery.tables.getData',
          'bigquery.tables.list',
        ],
      },
    ],
    [
      'roles/bigquery.dataEditor',
      {
        allow: [
          'bigquery.datasets.create',
          'bigquery.datasets.get',
          'bigquery.models.*',
          'bigquery.routines.*',
          'bigquery.tables.*',
        ],
        not: ['bigquery.tables.setIamPolicy', 'bigquery.tables.setCategory'],
      },
    ],
    [
      'roles/bigquery.dataOwner',
      {
        allow: [
          'bigquery.datasets.*',
          'bigquery.models.*',
          'bigquery.routines.*',
          'bigquery.tables.*',
          'bigquery.rowAccessPolicies.*',
        ],
      },
    ],
    [
      'roles/bigquery.metadataViewer',
      {
        allow: [
          'bigquery.datasets.get',
          'bigquery.models.getMetadata',
          'bigquery.models.list',
          'bigquery.routines.get',
          'bigquery.routines.list',
          'bigquery.tables.get',
          'bigquery.tables.list',
        ],
      },
    ],
    ['roles/bigquery.jobUser', { allow: ['bigquery.jobs.create', 'bigquery.config.get'] }],
    [
      'roles/bigquery.user',
      {
        allow: [
          'bigquery.jobs.create',
          'bigquery.jobs.list',
          'bigquery.datasets.create',
          'bigquery.datasets.get',
          'bigquery.tables.list',
          'bigquery.models.list',
          'bigquery.routines.list',
          'bigquery.readsessions.*',
        ],
      },
    ],
    ['roles/bigquery.admin', { allow: ['bigquery.*'] }],
    ['roles/secretmanager.secretAccessor', { allow: ['secretmanager.versions.access'] }],
    [
      'roles/secretmanager.viewer',
      {
        allow: [
          'secretmanager.secrets.get',
          'secretmanager.secrets.list',
          'secretmanager.versions.get',
          'secretmanager.versions.list',
        ],
      },
    ],
    ['roles/pubsub.publisher', { allow: ['pubsub.topics.publish'] }],
    [
      'roles/pubsub.subscriber',
      { allow: ['pubsub.snapshots.seek', 'pubsub.subscriptions.consume', 'pubsub.topics.attachSubscription'] },
    ],
    ['roles/aiplatform.user', { allow: ['aiplatform.*'], not: ['*.setIamPolicy'] }],
    [
      'roles/iam.serviceAccountTokenCreator',
      {
        allow: [
          'iam.serviceAccounts.getAccessToken',
          'iam.serviceAccounts.getOpenIdToken',
          'iam.serviceAccounts.implicitDelegation',
          'iam.serviceAccounts.signBlob',
          'iam.serviceAccounts.signJwt',
        ],
      },
    ],
    [
      'roles/iam.serviceAccountUser',
      { allow: ['iam.serviceAccounts.actAs', 'iam.serviceAccounts.get', 'iam.serviceAccounts.list'] },
    ],
    [
      'roles/logging.viewer',
      {
        allow: [
          'logging.logs.list',
          'logging.logEntries.list',
          'logging.logServices.list',
          'logging.sinks.get',
          'logging.sinks.list',
        ],
      },
    ],
  ])

/** The grants of a predefined role; empty where it is not known here. */
export function predefinedRole(role: string): readonly Grant[] {
  const known = PERMISSIONS.get(role)
  if (known === undefined) return []
  return [
    {
      plane: 'gcp',
      role: 'identity',
      effect: 'allow',
      actions: known.allow,
      ...(known.not === undefined ? {} : { notActions: known.not }),
      conditions: {},
      source: role,
      statement: 'permissions',
    },
  ]
}
