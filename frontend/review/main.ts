import "./choir-review";
