// Holds files against FHIR's JSON schema and the constraints of SDC's Questionnaire; tells faults as JSON.
//
//   node validate.mjs SDC_FOLDER FILE…

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(import.meta.url);
const { default: fhirpath } = await import("fhirpath");
const { default: r4 } = await import("fhirpath/fhir-context/r4/index.js");
const JSONSchemaValidator = require("@asymmetrik/fhir-json-schema-validator");

const [sdc, ...files] = process.argv.slice(2);
const schema = new JSONSchemaValidator(undefined, { logger: false, allErrors: false });

function constraints() {
  const profile = JSON.parse(readFileSync(join(sdc, "StructureDefinition-sdc-questionnaire.json"), "utf8"));
  const found = [];
  for (const element of profile.snapshot.element) {
    if (element.path.split(".").length > 2) continue;
    for (const { key, severity, expression } of element.constraint ?? [])
      if (severity === "error" && expression)
        found.push({ key, expression, items: element.path === "Questionnaire.item" });
  }
  return found.filter(({ items, key }) => items || !key.startsWith("ele"));
}

const known = constraints();

function broken(resource) {
  if (resource.resourceType !== "Questionnaire") return [];
  return known.flatMap(({ key, expression, items }) => {
    const place = items ? "Questionnaire.repeat(item)" : "Questionnaire";
    try {
      const wrongs = `${place}.where((${expression}) = false).exists()`;
      const [wrong] = fhirpath.evaluate(resource, wrongs, { resource }, r4, { traceFn: () => {} });
      return wrong ? [`${key}: ${expression}`] : [];
    } catch (error) {
      return [`${key} cannot be evaluated: ${error.message}`];
    }
  });
}

const told = {};
for (const file of files) {
  const resource = JSON.parse(readFileSync(file, "utf8"));
  const faults = schema.validate(resource, true).map((each) => `${each.dataPath ?? each} ${each.message ?? ""}`);
  told[file] = { schema: faults.slice(0, 5), constraints: broken(resource) };
}
console.log(JSON.stringify(told, null, 1));
