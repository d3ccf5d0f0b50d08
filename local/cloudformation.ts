/** Any part of a CloudFormation template: JSON. */
export type TemplatePart =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly TemplatePart[]
  | { readonly [key: string]: TemplatePart };

export interface Resource {
  readonly Type: string;
  readonly Properties?: { readonly [key: string]: TemplatePart };
  readonly [attribute: string]: TemplatePart;
}

export interface CloudFormationTemplate {
  readonly Resources: Readonly<Record<string, Resource>>;
}

/** The account and Region in which the local stack lives: AWS's own example account. */
const account = '123456789012';
const region = 'us-east-1';
const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::AccountId': account,
  'AWS::Region': region,
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': 'VoiceConnectorTeardown',
};

/** What `Ref` gives for the types whose reference is not a name; for all others it is the logical id. */
const references: Readonly<Record<string, (id: string, resource: Resource) => string>> = {
  'AWS::StepFunctions::StateMachine': (id) => `arn:aws:states:${region}:${account}:stateMachine:${id}`,
  'AWS::SNS::Topic': (id) => `arn:aws:sns:${region}:${account}:${id}`,
  'AWS::SQS::Queue': (id) => `https://sqs.${region}.amazonaws.com/${account}/${id}`,
  'AWS::Lambda::Version': (_, resource) => `${functionArn(referred(resource.Properties?.FunctionName))}:1`,
};

/** What `Fn::GetAtt … Arn` gives. */
const arns: Readonly<Record<string, (id: string) => string>> = {
  'AWS::Lambda::Function': functionArn,
  'AWS::DynamoDB::Table': (id) => `arn:aws:dynamodb:${region}:${account}:table/${id}`,
  'AWS::IAM::Role': (id) => `arn:aws:iam::${account}:role/${id}`,
  'AWS::SQS::Queue': (id) => `arn:aws:sqs:${region}:${account}:${id}`,
};

/**
 * Resolves the intrinsic functions of a template as CloudFormation does when it deploys: `Ref`, `Fn::GetAtt` of an ARN,
 * `Fn::Join`. Throws on any other, rather than guess.
 */
export function resolver({ Resources }: CloudFormationTemplate): (part: TemplatePart) => TemplatePart {
  const resourceOf = (id: string): Resource => {
    const resource = Resources[id];
    if (resource === undefined) throw new Error(`The template has no resource ${id}.`);
    return resource;
  };
  const intrinsics: Readonly<Record<string, (argument: TemplatePart) => TemplatePart>> = {
    Ref: (name) => {
      const pseudo = pseudoParameters[String(name)];
      if (pseudo !== undefined) return pseudo;
      const resource = resourceOf(String(name));
      return references[resource.Type]?.(String(name), resource) ?? String(name);
    },
    'Fn::GetAtt': (argument) => {
      const [id, attribute] = argument as readonly [string, string];
      const arn = attribute === 'Arn' ? arns[resourceOf(id).Type] : undefined;
      if (arn === undefined)
        throw new Error(`Cannot resolve attribute ${attribute} of ${id} on this machine.`);
      return arn(id);
    },
    'Fn::Join': (argument) => {
      const [glue, parts] = argument as readonly [string, readonly TemplatePart[]];
      return parts.map((part) => String(resolve(part))).join(glue);
    },
  };
  const resolve = (part: TemplatePart): TemplatePart => {
    if (typeof part !== 'object' || part === null) return part;
    if (Array.isArray(part)) return part.map(resolve);
    const entries = Object.entries(part);
    const [name, argument] = entries[0] ?? ['', undefined];
    const isIntrinsic = entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'));
    if (!isIntrinsic) return Object.fromEntries(entries.map(([key, value]) => [key, resolve(value)]));
    const intrinsic = intrinsics[name];
    if (intrinsic === undefined) throw new Error(`Cannot resolve ${name} on this machine.`);
    return intrinsic(argument);
  };
  return resolve;
}

function functionArn(id: string): string {
  return `arn:aws:lambda:${region}:${account}:function:${id}`;
}

/** Resources of one type, by logical id. */
export function resourcesOf(template: CloudFormationTemplate, type: string): [string, Resource][] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

/** The logical id that `{ Ref }` or `{ Fn::GetAtt: [id, …] }` names. */
export function referred(part: TemplatePart): string {
  if (typeof part === 'object' && part !== null && !Array.isArray(part)) {
    const { Ref, 'Fn::GetAtt': attribute } = part as Record<string, TemplatePart>;
    if (typeof Ref === 'string') return Ref;
    if (Array.isArray(attribute)) return String(attribute[0]);
  }
  throw new Error(`Not a reference to a resource: ${JSON.stringify(part)}.`);
}
