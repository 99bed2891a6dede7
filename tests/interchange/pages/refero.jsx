import React from "react";
import { createRoot } from "react-dom/client";
import { Provider } from "react-redux";
import { applyMiddleware, legacy_createStore } from "redux";
import { Refero, rootReducer } from "@helsenorge/refero";

const thunk = ({ dispatch, getState }) => (next) => (action) =>
  typeof action === "function" ? action(dispatch, getState) : next(action);
const store = legacy_createStore(rootReducer, applyMiddleware(thunk));
// Refero brings no words of its own: each is told by its key.
const words = new Proxy({}, { get: (_, key) => String(key) });
const nothing = () => {};

window.showForm = (form) =>
  createRoot(document.getElementById("form")).render(
    <Provider store={store}>
      <Refero
        questionnaire={form}
        resources={words}
        authorized
        loginButton={<span />}
        onSubmit={nothing}
        onSave={nothing}
        onCancel={nothing}
        language="en-gb"
      />
    </Provider>,
  );
window.takeResponse = () => store.getState().refero.form.FormData.Content;
