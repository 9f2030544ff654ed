/**
 * Permissions by which a service account widens its authority, becomes another, or blinds the audit, as IAM v2 names them
 * (`service/resource.verb`), by their v1 name. All are in Google's list of permissions that deny policies support.
 */
export const GCP_NEVER: ReadonlyMap<string, { readonly denied: string; readonly reason: string }> = new Map(
  [
    ['iam.serviceAccountKeys.create', 'makes a credential that outlives what is revoked'],
    ['iam.serviceAccounts.actAs', 'becomes another principal'],
    ['iam.serviceAccounts.getAccessToken', 'becomes another principal'],
    ['iam.serviceAccounts.implicitDelegation', 'becomes another principal'],
    ['iam.serviceAccounts.signBlob', 'becomes another principal'],
    ['iam.serviceAccounts.signJwt', 'becomes another principal'],
    ['iam.serviceAccounts.setIamPolicy', 'gives itself or others more authority'],
    ['iam.roles.create', 'gives itself or others more authority'],
    ['iam.roles.update', 'gives itself or others more authority'],
    ['resourcemanager.projects.setIamPolicy', 'gives itself or others more authority'],
    ['resourcemanager.folders.setIamPolicy', 'gives itself or others more authority'],
    ['resourcemanager.organizations.setIamPolicy', 'gives itself or others more authority'],
    ['storage.buckets.setIamPolicy', 'gives data to others'],
    ['logging.sinks.delete', 'blinds the audit'],
    ['logging.sinks.update', 'blinds the audit'],
    ['logging.logs.delete', 'blinds the audit'],
  ].map(([permission = '', reason = '']) => [permission, { denied: v2Name(permission), reason }]),
)

/** `resourcemanager.projects.setIamPolicy` -> `cloudresourcemanager.googleapis.com/projects.setIamPolicy`. */
function v2Name(permission: string): string {
  const [service = '', ...rest] = permission.split('.')
  const host = service === 'resourcemanager' ? 'cloudresourcemanager' : service
  return `${host}.googleapis.com/${rest.join('.')}`
}
