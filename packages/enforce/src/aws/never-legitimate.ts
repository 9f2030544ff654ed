/**
 * Actions by which an identity widens its own authority, makes another one, gives its resources away or blinds the audit.
 * Denied unless the agent was seen to need them: a deny stays when somebody attaches a wide policy later. From the published
 * ways of escalation in IAM (Rhino Security Labs; Datadog's Stratus Red Team) and AWS's own guidance on boundaries.
 */
export const NEVER_LEGITIMATE: ReadonlyMap<string, string> = new Map([
  ...of('gives itself or others more authority', [
    'iam:AddUserToGroup',
    'iam:AttachGroupPolicy',
    'iam:AttachRolePolicy',
    'iam:AttachUserPolicy',
    'iam:CreatePolicyVersion',
    'iam:DeleteRolePermissionsBoundary',
    'iam:DeleteUserPermissionsBoundary',
    'iam:PassRole',
    'iam:PutGroupPolicy',
    'iam:PutRolePermissionsBoundary',
    'iam:PutRolePolicy',
    'iam:PutUserPermissionsBoundary',
    'iam:PutUserPolicy',
    'iam:SetDefaultPolicyVersion',
    'iam:UpdateAssumeRolePolicy',
  ]),
  ...of('makes an identity or a credential that outlives what is revoked', [
    'iam:CreateAccessKey',
    'iam:CreateLoginProfile',
    'iam:CreateOpenIDConnectProvider',
    'iam:CreateSAMLProvider',
    'iam:CreateServiceSpecificCredential',
    'iam:CreateUser',
    'iam:UpdateAccessKey',
    'iam:UpdateLoginProfile',
    'iam:UpdateSAMLProvider',
    'rolesanywhere:CreateProfile',
    'rolesanywhere:CreateTrustAnchor',
    'sts:GetFederationToken',
  ]),
  ...of('becomes another principal', ['sts:AssumeRole']),
  ...of('gives code, keys or data to others', [
    'ec2:ModifyImageAttribute',
    'ec2:ModifySnapshotAttribute',
    'kms:CreateGrant',
    'kms:PutKeyPolicy',
    'lambda:AddLayerVersionPermission',
    'lambda:AddPermission',
    'rds:ModifyDBSnapshotAttribute',
    's3:PutBucketAcl',
    's3:PutBucketPolicy',
    's3:PutBucketPublicAccessBlock',
    'secretsmanager:PutResourcePolicy',
  ]),
  ...of('blinds the audit', [
    'cloudtrail:DeleteTrail',
    'cloudtrail:PutEventSelectors',
    'cloudtrail:StopLogging',
    'cloudtrail:UpdateTrail',
    'config:StopConfigurationRecorder',
    'ec2:DeleteFlowLogs',
    'guardduty:DeleteDetector',
    'organizations:LeaveOrganization',
    'route53resolver:DeleteResolverQueryLogConfig',
  ]),
])

function of(why: string, actions: readonly string[]): readonly (readonly [string, string])[] {
  return actions.map((action) => [action, why])
}

/**
 * Reads whose answer is a secret, a credential, code or stored data: AWS classes them with harmless ones. Closure never adds
 * one, and who did one did not merely look around.
 */
const TELLS_SECRETS: ReadonlySet<string> = new Set(
  [
    'athena:GetQueryResults',
    'bedrock:InvokeModel',
    'bedrock:InvokeModelWithResponseStream',
    'codeartifact:GetAuthorizationToken',
    'cognito-identity:GetCredentialsForIdentity',
    'dynamodb:BatchGetItem',
    'dynamodb:GetItem',
    'dynamodb:GetRecords',
    'dynamodb:Query',
    'dynamodb:Scan',
    'ec2:DescribeInstanceAttribute',
    'ec2:DescribeLaunchTemplateVersions',
    'ec2:GetConsoleOutput',
    'ec2:GetConsoleScreenshot',
    'ec2:GetPasswordData',
    'ecr:BatchGetImage',
    'ecr:GetAuthorizationToken',
    'ecr:GetDownloadUrlForLayer',
    'iam:GetAccountAuthorizationDetails',
    'kinesis:GetRecords',
    'lambda:GetFunction',
    'lambda:GetFunctionConfiguration',
    'lambda:GetLayerVersion',
    'logs:FilterLogEvents',
    'logs:GetLogEvents',
    'logs:GetQueryResults',
    'redshift:GetClusterCredentials',
    'redshift:GetClusterCredentialsWithIAM',
    's3:GetObject',
    's3:GetObjectTorrent',
    's3:GetObjectVersion',
    'secretsmanager:BatchGetSecretValue',
    'secretsmanager:GetSecretValue',
    'sqs:ReceiveMessage',
    'ssm:GetParameter',
    'ssm:GetParameterHistory',
    'ssm:GetParameters',
    'ssm:GetParametersByPath',
    'sso:GetRoleCredentials',
    'sts:GetFederationToken',
    'sts:GetSessionToken',
  ].map((action) => action.toLowerCase()),
)

/** True for a read that hands out more than how things stand. */
export function tellsSecrets(action: string): boolean {
  return TELLS_SECRETS.has(action.toLowerCase())
}
