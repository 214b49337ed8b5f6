(()=>{var e=localStorage.getItem("lunas-theme");(e==="niaga"||e==="niaga-gelap")&&(document.documentElement.dataset.theme=e);})();
