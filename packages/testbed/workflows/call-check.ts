import { beyond, type Permissions } from './permissions.ts';
import { type Place, resolveUses, textOf } from './repository.ts';
import { type Call, type Job, readWorkflow, type WorkflowFile } from './workflow-file.ts';
import type { World } from './world.ts';

/** https://docs.github.com/en/actions/reference/workflows-and-actions/reusing-workflow-configurations: ten levels, this one counted. */
const levels = 10;

/**
 * What GitHub checks before it starts anything, whatever any `if` says: that each called workflow is there and can be called, that it
 * gets no input or secret that it does not know and each that it requires, and that its jobs ask for no more than the caller's job may.
 */
export async function checkCalls(
  world: World,
  place: Place,
  file: WorkflowFile,
  allowed: Permissions | undefined,
  level = 1,
): Promise<void> {
  for (const job of file.jobs) {
    const asked = job.permissions ?? file.permissions;
    const [first] = asked === undefined || allowed === undefined ? [] : beyond(asked, allowed);
    if (first !== undefined) throw new Error(`The nested job '${job.id}' is requesting '${first}'`);
    if (job.does.type !== 'call') continue;
    if (level === levels) throw new Error(`${job.does.uses}: more than ${levels} levels of calls`);
    const called = resolveUses(job.does.uses, place.repository, world.repositories ?? (() => undefined));
    const callee = await readWorkflow(textOf(called));
    checkCall(job, job.does, callee);
    const own = asked ?? allowed ?? world.defaultPermissions ?? 'read-all';
    await checkCalls(world, called, callee, own, level + 1);
  }
}

function checkCall(job: Job, call: Call, { call: contract }: WorkflowFile): void {
  if (contract === undefined) throw new Error(`${job.id}: ${call.uses} cannot be called: no workflow_call`);
  const given = Object.keys(call.with);
  for (const name of given) {
    if (contract.inputs[name] === undefined) {
      throw new Error(`Invalid input, ${name} is not defined in the referenced workflow.`);
    }
  }
  for (const [name, { required }] of Object.entries(contract.inputs)) {
    if (required && !given.includes(name)) {
      throw new Error(`Input ${name} is required, but not provided while calling.`);
    }
  }
  if (call.secrets === 'inherit') return;
  const { secrets } = call;
  for (const name of Object.keys(secrets)) {
    if (contract.secrets[name] === undefined) {
      throw new Error(`Invalid secret, ${name} is not defined in the referenced workflow.`);
    }
  }
  for (const [name, { required }] of Object.entries(contract.secrets)) {
    if (required && secrets[name] === undefined) {
      throw new Error(`Secret ${name} is required, but not provided while calling.`);
    }
  }
}
