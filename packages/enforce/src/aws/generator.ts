import { refusalOf } from '../eligible.ts'
import type { Generator } from '../generator.ts'
import { deriveAwsIam } from './derive.ts'
import { judgeAwsIam } from './judge.ts'

/** IAM policies and a permission boundary of what the agent's principals were seen to do on AWS. */
export const awsIam: Generator = {
  kind: 'aws-iam',
  generate: (facts) => refusalOf(facts, 'aws-iam') ?? deriveAwsIam(facts),
  judge: judgeAwsIam,
}
