/**
 * argo-ui ships TypeScript for a bundler: it requires its styles and calls what it imported as a namespace. Both are put right here, so that
 * the tests run its real components as ES modules.
 */
import ts from 'typescript';

const transformer = {
  process(source) {
    const text = source
      .replaceAll(/import \* as (classNames|moment) from/g, 'import $1 from')
      .replaceAll(/^require\('[^']+\.scss'\);$/gm, '');
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: { jsx: ts.JsxEmit.React, module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    return { code: outputText };
  },
};

export { transformer as default };
