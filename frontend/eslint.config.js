import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

const USE_SCOPE = "Use Scope (lib/scope.ts): one owner ends all listeners, timers and frames.";

const unowned = ["setTimeout", "setInterval", "requestAnimationFrame"].map((name) => ({
  selector: `CallExpression[callee.name='${name}']`,
  message: USE_SCOPE,
}));

/** manage.py messages finds texts by what stands between quotes right after t( and tn(. */
const literalTexts = [
  "CallExpression[callee.name=/^tn?$/]:not([arguments.0.raw=/^\"/])",
  "CallExpression[callee.name='tn']:not([arguments.1.raw=/^\"/])",
].map((selector) => ({
  selector,
  message: "Texts are literals in double quotes: only those can be found and translated.",
}));

export default defineConfig(
  { ignores: ["dist/", "node_modules/"] },
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ["eslint.config.js"] } },
    },
    rules: {
      "no-restricted-syntax": [
        "error",
        ...literalTexts,
        ...unowned,
        {
          selector: "CallExpression[callee.property.name='addEventListener']",
          message: USE_SCOPE,
        },
      ],
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
      // An index that a loop's own condition keeps in range needs no second check.
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": "off",
      "@typescript-eslint/no-empty-function": "off",
      "@typescript-eslint/unbound-method": "off",
    },
  },
  {
    files: [
      "lib/scope.ts",
      "lib/time.ts",
      "site/main.ts",
      // Ends when the browser says so, with all that it listens to.
      "service-worker/worker.ts",
      "**/*.test.ts",
    ],
    rules: { "no-restricted-syntax": ["error", ...literalTexts] },
  },
);
