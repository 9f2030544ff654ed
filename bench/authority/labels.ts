/**
 * Calls that stand in the logs of executed techniques and are no part of any: looking where things are, taking the role
 * to work in, tidying up. What is called by a proof of one of these is a false call.
 */
export const ORDINARY: ReadonlySet<string> = new Set([
  'sts:AssumeRole',
  'sts:GetCallerIdentity',
  'ssm:DescribeInstanceInformation',
  'ssm:GetCommandInvocation',
  'ssm:DescribeParameters',
  'ssm:TerminateSession',
  'secretsmanager:ListSecrets',
  'ec2:DescribeInstances',
  'ec2:StartInstances',
  'ec2:StopInstances',
  'bedrock:GetFoundationModelAvailability',
  'bedrock:ListFoundationModelAgreementOffers',
])

/**
 * Rules of the vendor that are of no crossed boundary: ordinary administration that some houses want to hear of, lists of
 * one house (addresses, countries, tools), sign-ins and network layout. All others count as a scope delta.
 */
export const NO_DELTA: ReadonlySet<string> = new Set([
  'AWS.CloudTrail.Created',
  'AWS.CloudTrail.IAMAnythingChanged',
  'AWS.CloudTrail.IAMAssumeRoleBlacklistIgnored',
  'AWS.CloudTrail.IAMCompromisedKeyQuarantine',
  'AWS.CloudTrail.PasswordSpraying',
  'AWS.CloudTrail.SES.CheckIdentityVerifications',
  'AWS.CloudTrail.Account.Discovery',
  'AWS.CloudTrail.ShortLifecycle',
  'AWS.CloudTrail.UnauthorizedAPICall',
  'AWS.CloudTrail.VPCE.AccessDenied',
  'AWS.CloudTrail.VPCE.S3ExternalIP',
  'AWS.Console.GetSigninToken.Abuse',
  'AWS.Console.Sign-In',
  'AWS.EC2.GatewayModified',
  'AWS.EC2.ManualSecurityGroupChange',
  'AWS.EC2.Monitoring',
  'AWS.EC2.NetworkACLModified',
  'AWS.EC2.SecurityGroupModified',
  'AWS.EC2.StopInstances',
  'AWS.EC2.VPCModified',
  'AWS.IAM.AccessKeyCompromised',
  'AWS.IAM.CreateRole',
  'AWS.IAM.CreateUser',
  'AWS.IAMUser.ReconAccessDenied',
  'AWS.Modify.Cloud.Compute.Infrastructure',
  'AWS.RDS.ManualSnapshotCreated',
  'AWS.RDS.SnapshotDeleted',
  'AWS.RDS.SnapshotEnumeration',
  'AWS.S3.BucketPolicyModified',
  'AWS.S3.DeleteObjects',
  'AWS.STS.GetCallerIdentity.TruffleHog',
  'AWS.Software.Discovery',
  'AWS.Unsuccessful.MFA.attempt',
  'GCP.Cloud.Storage.Buckets.Modified.Or.Deleted',
  'Kubernetes.API.IOC.Activity',
  'Kubernetes.API.Multiple403.PublicIP',
  'OpenAI.Login.Success',
  'Retrieve.SSO.access.token',
  'Role.Assumed.by.User',
  'Standard.BruteForceByIP',
  'Standard.BruteForceByUser',
  'Standard.ImpossibleTravel.Login',
  'Standard.SignInFromRogueState',
])
