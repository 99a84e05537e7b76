// Calls of the API from its own reference page; the key is sent and kept nowhere.

const LONGEST = 20_000; // characters of an answer that are shown

function requestOf(form) {
  const fields = [...form.querySelectorAll("[data-in]")];
  const given = (place) => fields.filter((field) => field.dataset.in === place && field.value);
  let address = form.dataset.address;
  for (const field of given("path")) {
    address = address.replace(`{${field.name}}`, encodeURIComponent(field.value));
  }
  const query = new URLSearchParams(given("query").map((field) => [field.name, field.value]));
  const headers = { app_key: document.getElementById("app-key").value };
  for (const field of given("header")) headers[field.name] = field.value;
  const [body] = given("body");
  const [file] = given("file");
  const options = { method: form.dataset.method, headers, credentials: "omit" };
  if (file) {
    options.body = new FormData();
    options.body.append("options_json", body ? body.value : "{}");
    options.body.append("file", file.files[0]);
  } else if (body) {
    headers["Content-Type"] = "application/json";
    options.body = body.value;
  }
  return [query.size ? `${address}?${query}` : address, options];
}

async function told(response) {
  const text = (await response.text()).slice(0, LONGEST);
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-try]");
  if (!form) return;
  event.preventDefault();
  const answer = form.querySelector("[data-answer]");
  answer.hidden = false;
  answer.textContent = "…";
  try {
    const response = await fetch(...requestOf(form));
    answer.textContent = `HTTP ${response.status}\n${await told(response)}`;
  } catch {
    answer.textContent = form.dataset.failed;
  }
});
