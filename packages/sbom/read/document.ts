import { isRecord, type Json } from '../json.ts';
import type { Sbom } from '../types.ts';
import { readCycloneDx } from './cyclonedx.ts';
import { brokenError, gatherProblems } from './problems.ts';
import { readSpdx2 } from './spdx2.ts';

/** Reads a document of a format that is known. Throws with all that is wrong in it. */
export function readDocument(document: Json, file: string): Sbom {
  if (!isRecord(document)) throw brokenError(file, ['the document is no object']);
  const problems = gatherProblems(file);
  const sbom =
    document.bomFormat === 'CycloneDX'
      ? readCycloneDx(document, file, problems)
      : Object.hasOwn(document, 'spdxVersion')
        ? readSpdx2(document, file, problems)
        : undefined;
  if (sbom === undefined) throw brokenError(file, ['it is neither CycloneDX nor SPDX']);
  problems.settle();
  return sbom;
}
