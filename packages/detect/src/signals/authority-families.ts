import type { AuthPlane } from '@holdfast/model'

/** What a change of authority is for, in the words of MITRE ATT&CK's tactics. */
export type Family =
  | 'escalation'
  | 'persistence'
  | 'impairment'
  | 'credential-access'
  | 'exfiltration'
  | 'execution'
  | 'impact'
  | 'discovery'
  | 'initial-access'

/**
 * Actions that say something by their name alone, with how much. Below one half it is what administrators also do, and
 * needs a second family, a profile or a document beside it. From the action lists of the planes themselves.
 */
type Row = readonly [family: Family, strength: number, actions: string]

const AWS: readonly Row[] = [
  ['impairment', 0.8, 'cloudtrail:StopLogging cloudtrail:DeleteTrail cloudtrail:DeleteEventDataStore'],
  ['impairment', 0.6, 'cloudtrail:PutEventSelectors cloudtrail:StopEventDataStoreIngestion'],
  ['impairment', 0.3, 'cloudtrail:UpdateTrail cloudtrail:PutInsightSelectors'],
  ['impairment', 0.75, 'ec2:DeleteFlowLogs route53resolver:DeleteResolverQueryLogConfig'],
  ['impairment', 0.6, 'route53resolver:DisassociateResolverQueryLogConfig logs:DeleteLogGroup logs:DeleteLogStream'],
  ['impairment', 0.8, 'guardduty:DeleteDetector guardduty:StopMonitoringMembers securityhub:DisableSecurityHub'],
  [
    'impairment',
    0.6,
    'guardduty:DisassociateFromAdministratorAccount guardduty:CreateIPSet guardduty:DeletePublishingDestination',
  ],
  [
    'impairment',
    0.7,
    'config:StopConfigurationRecorder config:DeleteConfigurationRecorder config:DeleteDeliveryChannel',
  ],
  ['impairment', 0.5, 'config:DeleteConfigRule cloudwatch:DisableAlarmActions cloudwatch:DeleteAlarms'],
  ['impairment', 0.7, 'macie2:DisableMacie inspector2:Disable access-analyzer:DeleteAnalyzer wafv2:DeleteWebACL'],
  ['impairment', 0.8, 'organizations:LeaveOrganization'],
  ['impairment', 0.6, 'bedrock:DeleteGuardrail bedrock:DeleteModelInvocationLoggingConfiguration'],
  ['impairment', 0.5, 'bedrock:UpdateGuardrail ec2:DisableEbsEncryptionByDefault rds:StopActivityStream'],
  ['impairment', 0.6, 's3:DeleteBucketPublicAccessBlock s3:DeleteAccountPublicAccessBlock s3:DeleteBucketEncryption'],
  ['impact', 0.6, 'kms:ScheduleKeyDeletion kms:DisableKey'],
  ['impact', 0.4, 'rds:DeleteDBSnapshot rds:DeleteDBClusterSnapshot ec2:DeleteSnapshot backup:DeleteRecoveryPoint'],
  ['escalation', 0.5, 'iam:CreatePolicyVersion iam:SetDefaultPolicyVersion iam:AddUserToGroup'],
  ['escalation', 0.55, 'iam:DeleteRolePermissionsBoundary iam:DeleteUserPermissionsBoundary'],
  [
    'escalation',
    0.4,
    'iam:AttachGroupPolicy iam:PutGroupPolicy iam:AddRoleToInstanceProfile rds:AddRoleToDBInstance rds:AddRoleToDBCluster',
  ],
  ['persistence', 0.7, 'rolesanywhere:CreateTrustAnchor iam:CreateSAMLProvider iam:UpdateSAMLProvider'],
  [
    'persistence',
    0.5,
    'iam:CreateOpenIDConnectProvider rolesanywhere:CreateProfile iam:DeactivateMFADevice iam:DeleteVirtualMFADevice',
  ],
  ['persistence', 0.6, 'sts:GetFederationToken iam:UploadSigningCertificate iam:UploadSSHPublicKey'],
  ['persistence', 0.3, 'iam:CreateUser iam:CreateServiceSpecificCredential sts:GetSessionToken'],
  ['persistence', 0.5, 'lambda:UpdateFunctionCode'],
  ['execution', 0.4, 'ssm:StartSession ssm:SendCommand ssm:CreateAssociation ecs:ExecuteCommand'],
  ['execution', 0.55, 'ec2-instance-connect:SendSSHPublicKey ec2:EnableSerialConsoleAccess'],
  ['execution', 0.6, 'ec2-instance-connect:SendSerialConsoleSSHPublicKey'],
  [
    'impact',
    0.55,
    'bedrock:PutUseCaseForModelAccess bedrock:CreateFoundationModelAgreement bedrock:PutFoundationModelEntitlement',
  ],
  [
    'exfiltration',
    0.5,
    'ec2:CreateTrafficMirrorSession ec2:CreateTrafficMirrorTarget ec2:CreateInstanceExportTask ec2:CreateStoreImageTask',
  ],
  [
    'exfiltration',
    0.4,
    'ec2:ModifyTrafficMirrorSession ec2:CreateTrafficMirrorFilter ec2:CreateTrafficMirrorFilterRule rds:StartExportTask dynamodb:ExportTableToPointInTime',
  ],
  ['credential-access', 0.4, 'ec2:GetPasswordData'],
]

const GCP: readonly Row[] = [
  ['persistence', 0.6, 'iam.serviceAccountKeys.create iam.workloadIdentityPoolProviders.create'],
  [
    'escalation',
    0.55,
    'resourcemanager.projects.setIamPolicy resourcemanager.organizations.setIamPolicy iam.serviceAccounts.setIamPolicy',
  ],
  ['escalation', 0.5, 'iam.roles.update iam.serviceAccounts.implicitDelegation'],
  ['escalation', 0.35, 'iam.serviceAccounts.getAccessToken iam.serviceAccounts.signJwt iam.serviceAccounts.signBlob'],
  ['impairment', 0.75, 'logging.sinks.delete logging.buckets.delete logging.logs.delete'],
  ['impairment', 0.4, 'logging.sinks.update logging.exclusions.create monitoring.alertPolicies.delete'],
  ['exfiltration', 0.4, 'storage.buckets.setIamPolicy compute.images.setIamPolicy compute.snapshots.setIamPolicy'],
  ['impact', 0.6, 'cloudkms.cryptoKeyVersions.destroy'],
]

const AZURE: readonly Row[] = [
  ['escalation', 0.5, 'Microsoft.Authorization/roleAssignments/write Microsoft.Authorization/roleDefinitions/write'],
  ['escalation', 0.7, 'Microsoft.Authorization/elevateAccess/action'],
  ['impairment', 0.7, 'Microsoft.Insights/diagnosticSettings/delete Microsoft.Network/networkWatchers/flowLogs/delete'],
  ['impairment', 0.6, 'Microsoft.Insights/logProfiles/delete Microsoft.Security/pricings/delete'],
  [
    'credential-access',
    0.5,
    'Microsoft.Storage/storageAccounts/listKeys/action Microsoft.KeyVault/vaults/accessPolicies/write',
  ],
  [
    'execution',
    0.5,
    'Microsoft.Compute/virtualMachines/runCommand/action Microsoft.Compute/virtualMachines/extensions/write',
  ],
]

const OPENAI: readonly Row[] = [
  ['impairment', 0.75, 'ip_allowlist.deleted ip_allowlist.config.deactivated'],
  ['impairment', 0.4, 'ip_allowlist.created ip_allowlist.updated ip_allowlist.config.activated'],
  ['impairment', 0.5, 'certificates.deactivated certificate.deleted scim.disabled'],
  ['persistence', 0.4, 'service_account.created invite.sent'],
  ['escalation', 0.5, 'role.assignment.created role.updated'],
]

const ANTHROPIC: readonly Row[] = [
  ['escalation', 0.8, 'primary_owner_transferred'],
  ['escalation', 0.4, 'role_assignment_granted'],
  ['persistence', 0.6, 'admin_api_key_created service_key_created'],
  ['persistence', 0.3, 'api_key_created'],
  ['persistence', 0.5, 'mcp_server_created'],
  ['impairment', 0.7, 'org_ip_restriction_deleted org_sso_connection_deactivated sso_connection_deactivated'],
  ['impairment', 0.5, 'platform_spend_limit_deleted org_domain_verification_removed audit_log_export_disabled'],
]

const TABLES: Readonly<Partial<Record<AuthPlane, ReadonlyMap<string, Known>>>> = {
  aws: tableOf(AWS),
  gcp: tableOf(GCP),
  azure: tableOf(AZURE),
  openai: tableOf(OPENAI),
  anthropic: tableOf(ANTHROPIC),
}

export type Known = { readonly family: Family; readonly strength: number }

/** What an action says by its name alone; undefined where it says nothing. */
export function familyOf(plane: AuthPlane, action: string): Known | undefined {
  return TABLES[plane]?.get(action.toLowerCase())
}

function tableOf(rows: readonly Row[]): ReadonlyMap<string, Known> {
  return new Map(
    rows.flatMap(([family, strength, actions]) =>
      actions.split(' ').map((action) => [action.toLowerCase(), { family, strength }] as const),
    ),
  )
}
