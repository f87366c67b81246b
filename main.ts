console.log("perfmon");
