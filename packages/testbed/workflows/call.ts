import type { Mapping, Texts } from './shape.ts';
import type { CallContract } from './workflow-file.ts';

const empty: Mapping = { string: '', number: 0, boolean: false };

/** The inputs of a called workflow. Throws where GitHub refuses the call: unknown, missing, of another type. */
export function checkedInputs(contract: CallContract, given: Mapping): Mapping {
  for (const [name, value] of Object.entries(given)) {
    const spec = contract.inputs[name];
    if (spec === undefined) {
      throw new Error(`Invalid input, ${name} is not defined in the referenced workflow.`);
    }
    if (spec.type !== typeof value) throw new Error(`${name} is no ${spec.type}`);
  }
  return Object.fromEntries(
    Object.entries(contract.inputs).map(([name, spec]) => {
      const value = given[name];
      if (value === undefined && spec.required) {
        throw new Error(`Input ${name} is required, but not provided while calling.`);
      }
      return [name, value ?? spec.default ?? empty[spec.type]];
    }),
  );
}

/** The secrets of a called workflow. Throws where GitHub refuses the call. `inherit` hands on all that the caller has. */
export function checkedSecrets(contract: CallContract, given: Texts, inherit: boolean): Texts {
  for (const name of Object.keys(given)) {
    if (!inherit && contract.secrets[name] === undefined) {
      throw new Error(`Invalid secret, ${name} is not defined in the referenced workflow.`);
    }
  }
  for (const [name, { required }] of Object.entries(contract.secrets)) {
    if (required && given[name] === undefined) {
      throw new Error(`Secret ${name} is required, but not provided while calling.`);
    }
  }
  return given;
}
