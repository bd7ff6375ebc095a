// What the reading alone costs: walks the folder that it is started in and reads every YAML and JSON file, as a plain program would.
import { readdirSync, readFileSync } from 'node:fs';

let bytes = 0;
function walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) walk(path);
    else if (/\.(?:ya?ml|json)$/.test(entry.name)) bytes += readFileSync(path).length;
  }
}
walk('.');
console.log(bytes);
