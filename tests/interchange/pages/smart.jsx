import React from "react";
import { createRoot } from "react-dom/client";
import { SmartFormsRenderer, getResponse } from "@aehrc/smart-forms-renderer";

window.showForm = (form) =>
  createRoot(document.getElementById("form")).render(<SmartFormsRenderer questionnaire={form} />);
window.takeResponse = () => getResponse();
