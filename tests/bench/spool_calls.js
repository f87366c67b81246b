/* The file calls that draining a folder of records can't do without, and nothing else. */
const [folder] = Deno.args;
const names = Array.from(Deno.readDirSync(folder), ({ name }) => name);
for (const name of names) Deno.lstatSync(`${folder}/${name}`);
for (const name of names) Deno.readTextFileSync(`${folder}/${name}`);
for (const name of names) Deno.removeSync(`${folder}/${name}`);
